#include "session.h"

#include "loop.h"
#include "schedule.h"

int64_t session_now_ms(const struct session *s)
{
	return s->clock->now_ms(s->clock->context);
}

int64_t session_wall_s(const struct session *s)
{
	return s->clock->wall_ms(s->clock->context) / 1000;
}

int session_interrupted(const struct session *s)
{
	return s->interrupted ? *s->interrupted : 0;
}

void job_event(struct session *s, const struct job *job, enum event_kind kind, struct str text)
{
	struct event event = {
		.kind = kind, .node = job->node, .address = job->label, .action = job->action,
		.verb = job->verb, .text = text,
	};

	if (s->sink.emit)
		s->sink.emit(s->sink.context, &event);
}

static struct credentials keep(struct arena *a, const struct credentials *from)
{
	struct credentials c = *from;

	c.access_key_id = str_copy(a, from->access_key_id);
	c.secret_access_key = str_copy(a, from->secret_access_key);
	c.session_token = str_copy(a, from->session_token);
	c.account = str_copy(a, from->account);
	c.origin = str_copy(a, from->origin);
	return c;
}

bool session_credentials(struct session *s, struct credentials *out, struct error *err)
{
	struct arena scratch;
	struct credentials_machine *machine;
	struct http_response response, *last = NULL;
	struct credentials found = { 0 };
	enum credentials_step step;

	arena_init(&scratch);
	machine = credentials_start(&scratch, s->environment, s->profile);
	for (;;) {
		struct http_request request = { 0 };

		step = credentials_next(machine, last, session_wall_s(s), &request, &found, err);
		if (step != CREDENTIALS_SEND)
			break;
		if (!loop_exchange(s->loop, &scratch, &request, &response)) {
			error_set(err, ERROR_CREDENTIALS, "interrupted while fetching credentials");
			step = CREDENTIALS_FAILED;
			break;
		}
		last = &response;
	}
	if (step == CREDENTIALS_DONE)
		*out = keep(s->arena, &found);
	arena_release(&scratch);
	return step == CREDENTIALS_DONE;
}

bool session_start(struct session *s, struct error *err)
{
	s->loop = loop_new(s);
	if (!session_credentials(s, &s->loop->credentials, err))
		return false;
	s->loop->credential_number = 1;
	return true;
}

/* ---- who we are ---- */

struct asking {
	struct job job;
	const struct scope *scope;
	struct arena *arena;
	struct identity *out;
	struct error *err;
	bool answered;
};

static struct step ask(struct job *job, const struct reply *last, int64_t now_ms ATTR_UNUSED)
{
	struct asking *asking = job->context;
	struct step step = { .kind = STEP_SEND };
	struct buf text;

	if (!last) {
		step.call = (struct call){
			.service = STR("sts"), .operation = STR("GetCallerIdentity"),
			.input = value_map(), .scope = asking->scope,
		};
		return step;
	}
	asking->answered = last->class == REPLY_OK;
	if (asking->answered) {
		asking->out->account =
			str_copy(asking->arena, value_get_str(&last->body, "Account"));
		asking->out->arn = str_copy(asking->arena, value_get_str(&last->body, "Arn"));
	} else {
		buf_init(&text, &job->arena);
		aws_describe(&text, &job->step.call, last);
		error_set(asking->err, ERROR_CREDENTIALS, "%.*s", STR_ARG(buf_str(&text)));
	}
	step.kind = asking->answered ? STEP_DONE : STEP_FAIL;
	return step;
}

static void asked(struct job *job, bool dropped)
{
	struct asking *asking = job->context;

	if (dropped)
		error_set(asking->err, ERROR_REFUSED, "interrupted");
	else if (job->failure.kind != ERROR_NONE)
		error_set(asking->err, job->failure.kind, "%s", job->failure.text);
}

bool session_identity(struct session *s, const struct scope *scope, struct identity *out,
		      struct error *err)
{
	struct asking asking = { .scope = scope, .arena = s->arena, .out = out, .err = err };
	const struct credentials *who = &s->loop->credentials;

	asking.job.label = STR("credentials");
	asking.job.verb = STR("check");
	asking.job.context = &asking;
	asking.job.next = ask;
	asking.job.ended = asked;
	loop_add(s->loop, &asking.job);
	if (loop_run(s->loop, err) != LOOP_DONE || !asking.answered)
		return error_context(err, "the credentials from the %.*s were not accepted",
				     STR_ARG(who->origin));
	if (out->account.length != 12)
		return error_set(err, ERROR_CREDENTIALS,
				 "the service did not say whose the credentials are");
	return true;
}
