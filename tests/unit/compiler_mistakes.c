#include "compiler_case.h"

#define HEAD "[project]\nname = \"shop\"\nregion = \"eu-west-1\"\n"

/* A spec and all that is wrong with it: "line:column: message | help", sorted by place. */
static const struct {
	const char *text, *messages;
} cases[] = {
	{ "",
	  "1:1: there is no [project] with a name | begin with [project] "
	  "and, under it, name = \"shop\"" },
	{ "[project]\n"
	  "region = \"eu-west-1\"\n",
	  "1:2: [project] needs 'name'" },
	{ "[project]\n"
	  "name = \"shop\"\n",
	  "1:2: no region is given | write 'region' under [project], or "
	  "use --region or AWS_REGION" },
	{ "[project]\n"
	  "name = \"my shop\"\n"
	  "region = \"europe\"\n"
	  "account = \"12\"\n",
	  "2:8: 'my shop' is no name of a project | a letter, then "
	  "letters, digits and hyphens, 40 at most\n"
	  "3:10: 'europe' is no region | for example \"eu-west-1\"\n"
	  "4:11: an account number has twelve digits, in quotes" },
	{ HEAD "account = 012345678901\n",
	  "4:11: '012345678901' is no valid value: a number does not "
	  "begin with 0 | write \"012345678901\" if it is text, such as an account id" },
	{ HEAD "account = 111122223333\n"
	  "include = \"x\"\n"
	  "sandbox = true\n",
	  "4:11: an account number is text, not an integer | write "
	  "\"111122223333\", with quotes\n"
	  "5:11: 'include' must be a list of strings, not string | put it in brackets: [\"x\"]\n"
	  "6:1: 'sandbox' is not supported yet" },
	{ HEAD "tags = { \"aws:x\" = \"y\", team = \"${orders.arn}\" }\n"
	  "role_path = \"x\"\n"
	  "nmae = 1\n",
	  "4:10: 'aws:x' cannot be the key of a tag | 1 to 128 "
	  "characters; 'aws:' and 'effortless:' are taken\n"
	  "4:32: a tag of the project must be known before anything is made\n"
	  "5:13: 'role_path' begins and ends with '/'\n"
	  "6:1: unknown key 'nmae' in [project] | did you mean 'name'?" },
	{ HEAD "[variable.x]\n"
	  "[output.y]\n"
	  "value = \"${var.x}\"\n",
	  "4:11: variable 'x' has no value | give it with --var x=... or EFF_VAR_x, or write a "
	  "'default'" },
	{ HEAD "[module.cdn]\n"
	  "source = \"./x\"\n"
	  "[target.edge]\n"
	  "region = \"us-east-1\"\n"
	  "[check.c]\n"
	  "[policy.p]\n"
	  "[secret.s]\n",
	  "5:10: there is no effortless.toml in 'x'\n"
	  "8:8: check 'c' needs 'condition'\n"
	  "8:8: check 'c' needs 'message'\n"
	  "9:9: policy 'p' needs 'message'\n"
	  "10:2: [secret] is not supported yet" },
	{ HEAD "[bucket.photos]\n"
	  "[topic.news]\n"
	  "[output.y]\n"
	  "value = \"${photos.arn} ${news.arn}\"\n",
	  "4:2: [bucket] is not supported yet | write [AWS.S3.Bucket.ID]\n"
	  "5:2: [topic] is not supported yet | write [AWS.SNS.Topic.ID]" },
	{ HEAD "[qeue.x]\n"
	  "[[http]]\n"
	  "method = \"GET\"\n"
	  "[table]\n"
	  "partition_key = \"a:string\"\n",
	  "4:2: unknown table 'qeue' at the top | did you mean 'queue'?\n"
	  "5:3: blocks are tables with an id, not lists of tables | "
	  "write [http.ID], not [[http]]\n"
	  "8:1: [table] lacks the id of its block | write [table.ID]" },
	{ "region = \"eu-west-1\"\n"
	  "[project]\n"
	  "name = \"shop\"\n"
	  "region = \"eu-west-1\"\n",
	  "1:1: unknown key 'region' at the top | it belongs under [project]" },
	{ HEAD "[queue.a]\n"
	  "region = \"eu-west-1\"\n",
	  "5:1: unknown key 'region' in queue 'a' | 'region' belongs "
	  "under [project]: a key stands under the header above it" },
	{ HEAD "[queue.a]\n"
	  "[queue.A]\n"
	  "[table.a]\n"
	  "partition_key = \"x:string\"\n"
	  "[queue.stage]\n"
	  "[queue.a-b]\n"
	  "[queue.var]\n",
	  "5:8: the id 'A' is taken by queue 'a', ignoring case | it "
	  "stands at effortless.toml:4:8\n"
	  "6:8: the id 'a' is taken by queue 'a' | it stands at effortless.toml:4:8\n"
	  "8:8: 'stage' is reserved and cannot be an id\n"
	  "9:8: 'a-b' is no id | write 'a_b': a letter, then letters, digits and '_'\n"
	  "10:8: 'var' is reserved and cannot be an id" },
	{ HEAD "[queue.a]\n"
	  "for_each = [\"x\"]\n"
	  "renamed_from = \"b\"\n"
	  "import = \"x\"\n"
	  "ignore_changes = [\"x\"]\n"
	  "replace_when = \"x\"\n"
	  "target = \"x\"\n",
	  "8:19: queue 'a' has no part 'x' | a path is of AWS's properties, behind a part's name "
	  "of that part's: \"role.Description\"\n"
	  "9:16: 'replace_when' must be a list, not string | put it in brackets: [\"x\"]\n"
	  "10:10: there is no target 'x' | write [target.x] with its 'region'" },
	{ HEAD "[queue.a]\n"
	  "protect = \"yes\"\n"
	  "retain = \"yes\"\n"
	  "tags = { \"effortless:x\" = \"y\" }\n"
	  "depends_on = [\"b\", \"a/dlq\", \"/\", \"stage/api\"]\n"
	  "when = \"x\"\n",
	  "5:11: 'protect' must be true, false or one of: all hard soft none\n"
	  "6:10: 'retain' must be true or false, not string\n"
	  "7:10: 'effortless:x' cannot be the key of a tag | 1 to 128 "
	  "characters; 'aws:' and 'effortless:' are taken\n"
	  "8:15: there is no block 'b'\n"
	  "8:29: '/' is no id or address | an id, and behind '/' a part: \"orders\", \"createOrder/role\"\n"
	  "8:34: the stage has no part 'api'\n"
	  "9:8: 'when' must be true or false, not string" },
	{ HEAD "[AWS.SQS.Queue.a]\n"
	  "for_each = { x = \"y\" }\n"
	  "DelaySeconds = \"${each.value}\"\n"
	  "[output.o]\n"
	  "value = \"${a['x'].Arn} ${each.key}\"\n",
	  "6:16: 'DelaySeconds' must be an integer, not string\n"
	  "8:26: 'each' is known only in a block with 'for_each'" },
	{ HEAD "[table.t]\n",
	  "4:8: table 't' needs 'partition_key' | for example \"orderId:string\"" },
	{ HEAD "[table.t]\n"
	  "partition_key = \"id\"\n"
	  "sort_key = \"at:date\"\n",
	  "5:17: 'id' is no key | a name and its type: \"id:string\" "
	  "(string, number or binary)\n"
	  "6:12: 'at:date' is no key | a name and its type: \"at:string\" "
	  "(string, number or binary)" },
	{ HEAD "[table.t]\n"
	  "partition_key = \"id:string\"\n"
	  "index.a = { partition_key = \"id:number\", projection = \"some\" }\n"
	  "index.b = { sort_key = \"x:string\" }\n",
	  "6:29: 'id' has another type in another key\n"
	  "6:55: 'projection' must be \"all\", \"keys_only\" or a list of attributes\n"
	  "7:7: 'index' of table 't' needs 'partition_key'" },
	{ HEAD "[table.t]\n"
	  "partition_key = \"id:string\"\n"
	  "memory = 512\n"
	  "stream = { batch_size = 5, view = \"new\" }\n"
	  "handler = \"x\"\n",
	  "7:35: 'view' cannot be 'new' | did you mean 'new_and_old_images'?\n"
	  "8:1: 'handler' is not supported yet | a table's handler reads "
	  "its stream: stream = { handler = \"src/x.js#f\" }" },
	{ HEAD "[table.t]\n"
	  "partition_key = \"id:string\"\n"
	  "read_capacity = 5\n"
	  "[table.u]\n"
	  "partition_key = \"id:string\"\n"
	  "billing = \"provisioned\"\n"
	  "read_capacity = 5\n",
	  "6:17: 'read_capacity' needs billing = \"provisioned\"\n"
	  "9:11: provisioned billing needs 'write_capacity'" },
	{ HEAD "[queue.a]\n"
	  "batch_size = 10\n"
	  "window = \"1s\"\n"
	  "timeout = \"5s\"\n"
	  "content_deduplication = true\n",
	  "5:1: 'batch_size' needs a handler\n"
	  "6:1: 'window' needs a handler\n"
	  "7:1: 'timeout' needs a handler\n"
	  "8:1: only a fifo queue knows 'content_deduplication'" },
	{ HEAD "[queue.a]\n"
	  "handler = \"src/a.js#f\"\n"
	  "visibility_timeout = \"10s\"\n",
	  "6:22: messages become visible again after 10 s, before the "
	  "function's timeout of 30 s | at least 30 s; 180 s is usual" },
	{ HEAD "[queue.a]\n"
	  "handler = \"src/a.js#f\"\n"
	  "batch_size = 11\n"
	  "[queue.b]\n"
	  "fifo = true\n"
	  "handler = \"src/a.js#f\"\n"
	  "batch_size = 11\n"
	  "window = \"1s\"\n",
	  "6:14: a batch of more than 10 needs a 'window' of at least 1 "
	  "s | window = \"1s\"\n"
	  "10:14: a fifo queue gives batches of at most 10\n"
	  "11:10: a fifo queue takes no 'window'" },
	{ HEAD "[queue.a]\n"
	  "delay = 5\n"
	  "retention = \"5 days\"\n"
	  "dead_letter = { aftr = 3 }\n"
	  "visibility_timeout = \"13h\"\n",
	  "5:9: 'delay' needs a unit | write \"5s\" for seconds (units: s m h d)\n"
	  "6:13: '5 days' is no duration | a whole number and a unit: "
	  "\"30s\", \"5m\", \"2h\", \"4d\"\n"
	  "7:17: unknown key 'aftr' in 'dead_letter' of queue 'a' | did "
	  "you mean 'after'?\n"
	  "8:22: 'visibility_timeout' must be from 0 to 43200 seconds" },
	{ HEAD "[http.a]\n"
	  "method = \"FETCH\"\n"
	  "path = \"a//b\"\n"
	  "auth = \"jwt\"\n"
	  "handler = \"src/a.js#f\"\n",
	  "5:10: 'method' cannot be 'FETCH' | did you mean 'PATCH'?\n"
	  "6:8: 'a//b' is no path | for example \"/orders/{id}\" or "
	  "\"/files/{rest+}\"\n"
	  "7:8: auth = \"jwt\" is not supported yet | \"none\" or \"iam\"" },
	{ HEAD "[http.a]\n"
	  "method = \"GET\"\n"
	  "path = \"/a\"\n"
	  "auth = \"none\"\n",
	  "4:7: http 'a' needs 'handler', or 'function' with another block's id" },
	{ HEAD "[http.a]\n"
	  "method = \"GET\"\n"
	  "path = \"/a\"\n"
	  "auth = \"none\"\n"
	  "handler = \"src/a.js#f\"\n"
	  "function = \"b\"\n",
	  "9:12: http 'a' has a 'handler' and a 'function' | 'function' "
	  "calls the function of another block" },
	{ HEAD "[http.a]\n"
	  "method = \"GET\"\n"
	  "path = \"/a\"\n"
	  "auth = \"none\"\n"
	  "function = \"b\"\n"
	  "memory = 512\n"
	  "[http.c]\n"
	  "method = \"GET\"\n"
	  "path = \"/c\"\n"
	  "auth = \"none\"\n"
	  "function = \"q\"\n"
	  "[queue.q]\n",
	  "8:12: there is no block 'b'\n"
	  "9:1: 'memory' belongs to the block that has the function\n"
	  "14:12: queue 'q' has no function" },
	{ HEAD "[http.a]\n"
	  "method = \"GET\"\n"
	  "path = \"/a/{x}\"\n"
	  "handler = \"src/a.js#f\"\n"
	  "[http.b]\n"
	  "method = \"GET\"\n"
	  "path = \"/a/{y}\"\n"
	  "auth = \"iam\"\n"
	  "function = \"a\"\n",
	  "4:7: http 'a' needs 'auth' | \"none\" or \"iam\", here or in "
	  "[defaults.http]\n"
	  "10:8: the route 'GET /a/{y}' is taken by http 'a' | it stands at effortless.toml:4:7" },
	{ HEAD "[http.a]\n"
	  "method = \"GET\"\n"
	  "path = \"/a\"\n"
	  "auth = \"none\"\n"
	  "handler = \"src/a.js#f\"\n"
	  "timeout = \"30s\"\n"
	  "[http.b]\n"
	  "method = \"GET\"\n"
	  "path = \"/b\"\n"
	  "auth = \"none\"\n"
	  "function = \"b\"\n",
	  "9:11: an HTTP API waits at most 29 s | timeout = \"29s\"\n"
	  "14:12: http 'b' has no function" },
	{ HEAD "[defaults.http]\n"
	  "timeout = \"1m\"\n"
	  "auth = \"none\"\n"
	  "[http.a]\n"
	  "method = \"GET\"\n"
	  "path = \"/a\"\n"
	  "handler = \"src/a.js#f\"\n",
	  "5:11: an HTTP API waits at most 29 s | timeout = \"29s\"" },
	{ HEAD "[schedule.s]\n"
	  "every = \"1 day\"\n"
	  "[schedule.t]\n"
	  "every = \"cron(0 6 * * ?)\"\n"
	  "handler = \"src/a.js#f\"\n",
	  "4:11: schedule 's' needs 'handler'\n"
	  "5:9: '1 day' is no schedule | \"rate(1 day)\", \"cron(0 6 * * ? "
	  "*)\" or \"at(2026-12-24T18:00:00)\"\n"
	  "7:9: 'cron(0 6 * * ?)' is no schedule | minutes, hours, day of the month, "
	  "month, day of the week, year, and one of the two days is '?': "
	  "\"cron(0 6 * * ? *)\"" },
	{ HEAD "[function.f]\n"
	  "url = true\n"
	  "[function.g]\n"
	  "handler = \"src/a.js#f\"\n"
	  "memory = 64\n"
	  "architecture = \"arm\"\n"
	  "tracing = 5\n"
	  "log_retention = \"1h\"\n"
	  "vpc = { subnets = [\"a\"] }\n",
	  "4:11: function 'f' needs 'handler'\n"
	  "5:1: 'url' is not supported yet | use an [http.ID] block\n"
	  "8:10: 'memory' must be from 128 to 10240 MB\n"
	  "9:16: 'architecture' cannot be 'arm' | one of: arm64 x86_64\n"
	  "10:11: 'tracing' must be true, false, \"active\" or \"passthrough\"\n"
	  "11:17: 'log_retention' must be whole days such as \"30d\", or \"forever\"\n"
	  "12:1: 'vpc' of function 'g' needs 'security_groups'" },
	{ HEAD "[function.f]\n"
	  "handler = \"src/a.js\"\n"
	  "[function.g]\n"
	  "handler = \"../a.js#f\"\n"
	  "[function.h]\n"
	  "handler = \"a.ts#f\"\n"
	  "[function.i]\n"
	  "handler = \"a.js#f\"\n"
	  "runtime = \"python3.13\"\n"
	  "[function.j]\n"
	  "handler = \"a\"\n"
	  "runtime = \"python3.13\"\n",
	  "5:11: 'src/a.js' is no handler | write "
	  "\"src/a.js#handler\", with the name that the file exports\n"
	  "7:11: a handler is a file below the folder of the spec\n"
	  "9:11: '.ts' files have to be bundled, which is not supported "
	  "yet | name the JavaScript file that they are compiled to\n"
	  "11:11: 'file#export' is for Node, and the runtime is 'python3.13'\n"
	  "14:11: 'a' is no handler | write \"src/orders.on_order\": a "
	  "module and its function" },
	{ HEAD "[function.f]\n"
	  "handler = \"src/a.js#f\"\n"
	  "runtime = \"nodejs16.x\"\n"
	  "[function.g]\n"
	  "handler = \"src/a.js#f\"\n"
	  "runtime = \"nodejs20.x\"\n"
	  "[function.h]\n"
	  "handler = \"x\"\n"
	  "runtime = \"nodjs24.x\"\n"
	  "[function.i]\n"
	  "handler = \"a.f\"\n"
	  "runtime = \"python3.9\"\n",
	  "6:11: runtime 'nodejs16.x' is refused by Lambda since 2026-06-01\n"
	  "9:11: runtime 'nodejs20.x' is refused by Lambda since 2026-06-01\n"
	  "12:11: 'Runtime' cannot be 'nodjs24.x' | did you mean 'nodejs24.x'?\n"
	  "15:11: runtime 'python3.9' is refused by Lambda since 2026-06-01" },
	{ HEAD "[function.f]\n"
	  "handler = \"src/a.js#f\"\n"
	  "timeout = 30\n"
	  "memory = \"1TB\"\n"
	  "env = { EFF_X = \"1\", \"9\" = \"x\", A = [1] }\n"
	  "params = { a = \"aws/x\", \"b-c\" = \"x\" }\n"
	  "files = [\"/etc\"]\n"
	  "permissions = [{ actions = [\"Send\"] }, 5]\n",
	  "6:11: 'timeout' needs a unit | write \"30s\" for seconds (units: s m h d)\n"
	  "7:10: '1TB' is no size | a whole number and a unit: \"512MB\", \"1GB\"\n"
	  "8:37: 'A' in 'env' must be a string, not list\n"
	  "9:16: 'aws/x' cannot be the name of a parameter | letters, digits, '_', '.', '-' and '/'\n"
	  "9:25: 'b-c' cannot be the key of a parameter | letters, digits and '_'\n"
	  "10:10: 'files' stand below the folder of the spec\n"
	  "11:16: 'permissions' of function 'f' needs 'resources'\n"
	  "11:29: 'Send' is no action | a service and an action, such as "
	  "\"ses:SendEmail\"" },
	{ HEAD "[function.f]\n"
	  "handler = \"src/a.js#f\"\n"
	  "deps = [\"q\", \"Q\", \"nothing\", \"v\", { on = \"q\", as = \"b\", allow "
	  "= [\"read\"] }, { on = \"t\", leading_keys = [\"x\"], allow = "
	  "[\"Scan\", \"GetItm\"] }, { on = \"q\", as = \"c\", leading_keys = "
	  "[\"x\"] }, \"q\", {}]\n"
	  "[queue.q]\n"
	  "[table.t]\n"
	  "partition_key = \"id:string\"\n"
	  "[AWS.EC2.VPC.v]\n"
	  "CidrBlock = \"10.0.0.0/16\"\n",
	  "6:14: there is no block 'Q' | did you mean 'q'?\n"
	  "6:19: there is no block 'nothing'\n"
	  "6:30: nothing can depend on AWS.EC2.VPC 'v' | write "
	  "'permissions' and 'env' for it\n"
	  "6:66: 'read' is nothing that queue 'q' allows | did you mean 'send'?\n"
	  "6:120: 'Scan' reads every key, so 'leading_keys' cannot hold\n"
	  "6:128: 'GetItm' is nothing that table 't' allows | did you mean 'GetItem'?\n"
	  "6:178: 'leading_keys' narrows tables only, and queue 'q' is none\n"
	  "6:187: 'q' stands twice in 'deps' | give one of them another "
	  "name with 'as'\n"
	  "6:192: 'deps' of function 'f' needs 'on'" },
	{ HEAD "[local]\n"
	  "a = \"${local.b}\"\n"
	  "b = \"${local.a}\"\n"
	  "c = { x = 1 }\n"
	  "[output.o]\n"
	  "value = [\"${local.d}\", \"${local.c.y}\", \"${local}\", "
	  "\"x${local.c}\", \"${project.x}\"]\n",
	  "6:8: local 'a' refers to itself\n"
	  "9:19: there is no local 'd'\n"
	  "9:35: there is no 'y' in it\n"
	  "9:43: 'local' needs a name: 'local.prefix'\n"
	  "9:56: a table cannot be part of text | choose one of its values: "
	  "'.name', \"['key']\" or '[0]' behind it\n"
	  "9:78: 'project' is a string and has no 'x'" },
	{ HEAD "[queue.a]\n"
	  "[output.o]\n"
	  "value = [\"${a}\", \"${a.ulr}\", \"${a/dlq.Arn}\", "
	  "\"${a/queue.Arn}\", \"${b.arn}\", \"${stage/api.ApiId}\", "
	  "\"${a.dead_letter_arn}\", \"${self.x}\"]\n",
	  "6:13: queue 'a' is a block, and an attribute of it is needed "
	  "| for example 'a.arn'\n"
	  "6:23: queue 'a' has no attribute 'ulr' | did you mean 'url'?\n"
	  "6:33: queue 'a' has no part 'dlq'\n"
	  "6:67: there is no block 'b'\n"
	  "6:79: the stage has no part 'api'\n"
	  "6:103: queue 'a' has no part 'dlq' for 'dead_letter_arn'\n"
	  "6:125: 'self' is not supported yet" },
	{ HEAD "[queue.a]\n"
	  "when = false\n"
	  "[output.o]\n"
	  "value = \"${a.arn}\"\n"
	  "[function.f]\n"
	  "handler = \"src/a.js#f\"\n"
	  "deps = [\"a\"]\n"
	  "depends_on = [\"a\"]\n",
	  "7:12: queue 'a' is left out of stage 'dev'\n"
	  "10:9: queue 'a' is left out of stage 'dev'\n"
	  "11:15: queue 'a' is left out of stage 'dev'" },
	{ HEAD "[AWS.SQS.Queue.a]\n"
	  "RedrivePolicy = { deadLetterTargetArn = \"${b.Arn}\" }\n"
	  "[AWS.SQS.Queue.b]\n"
	  "RedrivePolicy = { deadLetterTargetArn = \"${a.Arn}\" }\n"
	  "[AWS.SQS.Queue.c]\n"
	  "KmsMasterKeyId = \"x${c.Arn}\"\n",
	  "5:44: these resources wait for each other: a -> b -> a | the "
	  "references stand at effortless.toml:5:44, effortless.toml:7:44\n"
	  "9:22: these resources wait for each other: c -> c | the "
	  "references stand at effortless.toml:9:22" },
	{ HEAD "[queue.a]\n"
	  "depends_on = [\"b\"]\n"
	  "[queue.b]\n"
	  "depends_on = [\"a\"]\n",
	  "5:15: these resources wait for each other: a -> b -> a | the "
	  "references stand at effortless.toml:5:15, effortless.toml:7:15" },
	{ HEAD "[queue.q]\n"
	  "[function.f]\n"
	  "handler = \"src/a.js#f\"\n"
	  "[function.f.aws.function]\n"
	  "Role = \"${q.url}\"\n"
	  "Layers = \"${q.arn}\"\n"
	  "Timeout = \"${q.arn}\"\n"
	  "[function.f.aws.rol]\n"
	  "X = 1\n",
	  "8:11: 'Role' wants the Arn of an AWS::IAM::Role, and this is "
	  "the QueueUrl of 'q', an AWS::SQS::Queue\n"
	  "9:13: 'Layers' must be a list, and 'Arn' is a single value | "
	  "put it in brackets\n"
	  "10:11: 'Timeout': a number is needed, and text that begins with "
	  "'arn:aws:sqs:eu-west-1:' is none\n"
	  "11:17: function 'f' has no part 'rol' | did you mean 'role'?" },
	{ HEAD "[AWS.IAM.Role.r]\n"
	  "AssumeRolePolicyDocument = { Version = 2012-10-17 }\n"
	  "[AWS.Lambda.Function.f]\n"
	  "Role = \"${r.RoleName}\"\n"
	  "Code = { ZipFile = \"x\" }\n"
	  "[AWS.Lambda.EventSourceMapping.m]\n"
	  "FunctionName = \"${f.FunctionName}\"\n"
	  "EventSourceArn = \"${f.FunctionName}\"\n",
	  "5:40: 'Version' is text, and this is a date | write "
	  "\"2012-10-17\", with quotes\n"
	  "7:11: 'Role' wants the Arn of an AWS::IAM::Role, and this is "
	  "the RoleName of 'r', an AWS::IAM::Role | write 'r.Arn'\n"
	  "8:10: 'Code.ZipFile' is not supported | inline source is not "
	  "packed: name a handler\n"
	  "11:21: 'EventSourceArn' wants an ARN, and this is the "
	  "FunctionName of 'f', an AWS::Lambda::Function" },
	{ HEAD "[AWS.EC2.VPC]\n"
	  "CidrBlock = \"10.0.0.0/16\"\n"
	  "[AWS.EC2.VCP.main]\n"
	  "[AWS.EC2]\n"
	  "x = 1\n",
	  "4:10: [AWS.EC2.VPC] lacks the id of its block | write "
	  "[AWS.EC2.VPC.ID], for example [AWS.EC2.VPC.main]\n"
	  "6:14: there is no type AWS::EC2::VCP | did you mean [AWS.EC2.VPC.main]?\n"
	  "8:1: 'x' is no table of blocks | a raw block is "
	  "[AWS.Service.Type.id], for example [AWS.EC2.VPC.main]" },
	{ HEAD "[AWS.SQS.Queue.q]\n"
	  "QueueName = \"has space\"\n"
	  "DelaySeconds = 901\n"
	  "VisibilityTimeout = \"30\"\n"
	  "FifoQueue = 1\n"
	  "Arn = \"x\"\n"
	  "DelaySecnds = 1\n"
	  "Tags = [{ Key = \"effortless:x\", Value = \"y\" }]\n"
	  "RedriveAllowPolicy = { Version = 2012-10-17 }\n",
	  "5:13: the name 'has space' has ' ', which is not allowed\n"
	  "6:16: 'DelaySeconds' is 901, 900 is the most\n"
	  "7:21: 'VisibilityTimeout' must be an integer, not string | "
	  "write 30, without quotes\n"
	  "8:13: 'FifoQueue' must be true or false, not integer\n"
	  "9:1: 'Arn' is set by AWS and cannot be written\n"
	  "10:1: AWS::SQS::Queue has no property 'DelaySecnds' | did you "
	  "mean 'DelaySeconds'?\n"
	  "11:17: 'effortless:x' cannot be the key of a tag | 'effortless:' is taken\n"
	  "12:34: 'Version' is text, and this is a date | write "
	  "\"2012-10-17\", with quotes" },
	{ HEAD "[AWS.IAM.Role.r]\n"
	  "[AWS.Logs.LogGroup.l]\n"
	  "LogGroupClass = \"STANDRD\"\n"
	  "LogGroupName = \"a b\"\n"
	  "Tags = \"${r.Arn}\"\n",
	  "4:15: AWS::IAM::Role needs 'AssumeRolePolicyDocument'\n"
	  "6:17: 'LogGroupClass' cannot be 'STANDRD' | did you mean 'STANDARD'?\n"
	  "7:16: the name 'a b' has ' ', which is not allowed\n"
	  "8:8: 'Tags' must be written out, since more tags are added to it" },
	{ HEAD "[AWS.EC2.VPC.main]\n"
	  "CidrBlock = \"10.0.0.0/16\"\n"
	  "[AWS.IAM.Role.r]\n"
	  "AssumeRolePolicyDocument = \"{ nope\"\n"
	  "[AWS.Lambda.Function.f]\n"
	  "Role = \"${r.RoleName == 'x' ? r.RoleId : r.Arn}\"\n"
	  "Code = { S3Bucket = \"bbb\", S3Key = \"k\" }\n"
	  "Layers = \"${'a-${main.VpcId}'}\"\n"
	  "Timeout = \"${[main.VpcId]}\"\n"
	  "MemorySize = \"${main.VpcId == 'x' ? 128 : 256}\"\n"
	  "Tags = [{ Key = \"a\", Value = \"${main.CidrBlockAssociations[0]}\" },\n"
	  "        { Key = \"a\", Value = \"b\" }]\n",
	  "7:28: the text of 'AssumeRolePolicyDocument' is no JSON: invalid JSON at line 1, "
	  "column 3: expected a string | write it as a table\n"
	  "9:31: 'Role' wants the Arn of an AWS::IAM::Role, and this is "
	  "the RoleId of 'r', an AWS::IAM::Role | write 'r.Arn'\n"
	  "11:10: 'Layers' must be a list, and this is a single value | put it in brackets\n"
	  "12:11: 'Timeout' must be an integer, not list\n"
	  "15:9: an item with the Key 'a' stands twice in 'Tags'" },
	{ HEAD "[AWS.SQS.Queue.jobs]\n"
	  "VisibilityTimeout = 10\n"
	  "[AWS.SQS.Queue.last]\n"
	  "FifoQueue = true\n"
	  "[AWS.Lambda.Function.work]\n"
	  "Role = \"arn:aws:iam::111122223333:role/r\"\n"
	  "Code = { S3Bucket = \"code\", S3Key = \"k\" }\n"
	  "Timeout = 20\n"
	  "Environment.Variables = { AWS_REGION = \"x\" }\n"
	  "[AWS.Lambda.EventSourceMapping.a]\n"
	  "FunctionName = \"${work.Arn}\"\n"
	  "EventSourceArn = \"${jobs.Arn}\"\n"
	  "BatchSize = 11\n"
	  "[AWS.Lambda.EventSourceMapping.b]\n"
	  "FunctionName = \"${work.Arn}\"\n"
	  "EventSourceArn = \"${last.Arn}\"\n"
	  "BatchSize = 11\n"
	  "MaximumBatchingWindowInSeconds = 1\n"
	  "[AWS.Events.Rule.r]\n"
	  "ScheduleExpression = \"rate(1 days)\"\n"
	  "[AWS.SSM.Parameter.p]\n"
	  "Name = \"/AWS/x\"\n"
	  "Type = \"String\"\n"
	  "Value = \"x\"\n",
	  "5:21: messages become visible again after 10 s, before the function's timeout of "
	  "20 s | VisibilityTimeout = 120 is usual\n"
	  "12:27: 'AWS_REGION' cannot be a variable | Lambda sets it\n"
	  "16:13: a batch of more than 10 needs a window of at least 1 s | "
	  "MaximumBatchingWindowInSeconds = 1\n"
	  "20:13: a fifo queue gives batches of at most 10\n"
	  "21:34: a fifo queue takes no 'MaximumBatchingWindowInSeconds'\n"
	  "23:22: 'rate(1 days)' is no schedule | \"rate(1 day)\", \"rate(2 days)\": minutes, "
	  "hours or days, singular after 1\n"
	  "25:8: 'Name' cannot be '/AWS/x' | it must match "
	  "^(?!/?(?:[aA][wW][sS]|[sS][sS][mM]))" },
	{ HEAD "[AWS.SNS.Topic.t]\n"
	  "Subscription = [{ Endpoint = \"x\" }]\n"
	  "TopicName = 5\n"
	  "Tags = { a = \"b\" }\n"
	  "region = \"x\"\n",
	  "5:1: 'Subscription' is not supported | write AWS::SNS::Subscription\n"
	  "6:13: 'TopicName' must be a string, not integer | write \"5\", with quotes\n"
	  "7:8: 'Tags' must be a list, not table\n"
	  "8:1: AWS::SNS::Topic has no property 'region' | 'region' "
	  "belongs under [project]: a key stands under the header above it" },
	{ HEAD "[AWS.SQS.Queue.q]\n"
	  "QueueName = \"shop-dev-a\"\n"
	  "[queue.A]\n",
	  "6:8: 'q' and 'A' get the same name 'shop-dev-A' | the other "
	  "one stands at effortless.toml:4:16" },
	{ HEAD "[stage.prod]\n"
	  "protect = \"some\"\n"
	  "expires = \"1d\"\n"
	  "regoin = \"x\"\n"
	  "[stage.Prod]\n"
	  "x = 1\n"
	  "[stage.prod.queue.b]\n"
	  "delay = \"1s\"\n"
	  "[queue.a]\n",
	  "5:11: 'protect' cannot be 'some' | did you mean 'none'?\n"
	  "6:1: 'expires' is not supported yet\n"
	  "7:1: unknown key 'regoin' in [stage.prod] | did you mean 'region'?\n"
	  "8:8: 'Prod' is no name of a stage | lower-case letters and "
	  "digits; '*' and '?' match several\n"
	  "9:1: unknown key 'x' in [stage.Prod]\n"
	  "10:19: there is no block 'b' to lay this over | write the "
	  "block outside of the stage with 'when = false', and 'when = true' here" },
	{ HEAD "[queue.a]\n"
	  "delay = \"1s\"\n"
	  "[stage.dev.queue.a]\n"
	  "unset = [\"delay\", \"x\"]\n"
	  "append.delay = \"2s\"\n",
	  "7:19: there is no 'x' to unset\n"
	  "8:16: 'append' adds lists to lists | put what is added in brackets" },
	{ HEAD "stage = 5\n"
	  "[stage]\n"
	  "dev = 5\n",
	  "4:1: unknown key 'stage' in [project] | did you mean 'state'?\n"
	  "6:7: [stage.dev] must be a table" },
	{ "stage = 5\n"
	  "local = 5\n"
	  "defaults = 5\n"
	  "output = 5\n"
	  "AWS = 5\n"
	  "queue = 5\n"
	  "project = 5\n",
	  "1:9: 'stage' holds tables: [stage.NAME]\n"
	  "2:9: [local] must be a table\n"
	  "3:12: [defaults] must be a table\n"
	  "4:10: 'output' holds tables: [output.NAME]\n"
	  "5:7: 'AWS' holds blocks: [AWS.Service.Type.ID]\n"
	  "6:9: 'queue' holds blocks: [queue.ID]\n"
	  "7:1: there is no [project] with a name | begin with [project] "
	  "and, under it, name = \"shop\"" },
	{ HEAD "[function.f]\n"
	  "handler = \"src/a.js#f\"\n"
	  "[function.f.aws]\n"
	  "function = 5\n"
	  "[table.t]\n"
	  "partition_key = \"id:string\"\n"
	  "index = { a = 5 }\n"
	  "stream = true\n"
	  "[http.x]\n"
	  "method = \"GET\"\n"
	  "path = \"/a\"\n"
	  "auth = \"none\"\n"
	  "handler = \"src/a.js#f\"\n"
	  "deps = \"t\"\n"
	  "env = 5\n"
	  "vpc = []\n",
	  "6:1: 'aws' of function 'f' holds tables of properties, one a part\n"
	  "10:15: 'index' must be a table, not integer\n"
	  "11:10: 'stream' must be a table, not boolean\n"
	  "17:8: 'deps' must be a list, not string | put it in brackets: [\"t\"]\n"
	  "18:7: 'env' must be a table of strings, not integer\n"
	  "19:7: 'vpc' must be a table, not list" },
	{ HEAD "[AWS.SQS.Queue.q]\n"
	  "RedrivePolicy = 2012-10-17\n"
	  "[AWS.SNS.Topic]\n"
	  "r = 5\n"
	  "[AWS.SNS.Topic.t]\n"
	  "TopicName = 1\n"
	  "[AWS.SQS.Queue.s]\n"
	  "Tags = 5\n"
	  "FifoQueue = \"${q.Arn}\"\n"
	  "QueueName = \"${q.QueueName}-x\"\n"
	  "KmsMasterKeyId = [\"x\"]\n",
	  "5:17: 'RedrivePolicy' is text, and this is a date | write "
	  "\"2012-10-17\", with quotes\n"
	  "6:10: [AWS.SNS.Topic] lacks the id of its block | write "
	  "[AWS.SNS.Topic.ID], for example [AWS.SNS.Topic.main]\n"
	  "11:8: 'Tags' must be a list, not integer\n"
	  "12:13: 'FifoQueue': a boolean is needed, and text that begins with "
	  "'arn:aws:sqs:eu-west-1:' is none\n"
	  "14:18: 'KmsMasterKeyId' must be a string, not list" },
	{ HEAD "[output.a]\n"
	  "valu = 1\n"
	  "[output.b]\n"
	  "value = 1\n"
	  "export = true\n"
	  "[output]\n"
	  "c = 1\n"
	  "[defaults.qeue]\n"
	  "x = 1\n"
	  "[defaults.function]\n"
	  "memry = 1\n",
	  "5:1: unknown key 'valu' in output 'a' | did you mean 'value'?\n"
	  "10:5: [output.c] must be a table\n"
	  "11:11: there is no kind of block 'qeue' | did you mean 'queue'?\n"
	  "14:1: unknown key 'memry' in [defaults.function] | did you mean 'memory'?" },
};

START_TEST(reports)
{
	struct compiler_case k;

	case_open(&k);
	k.options.today = STR("2026-11-20");
	case_compile(&k, str_from_c(cases[_i].text));
	unit_str_eq(case_messages(&k), cases[_i].messages);
	ck_assert(!k.good);
	case_close(&k);
}
END_TEST

static void suite_fill(TCase *tc)
{
	tcase_add_loop_test(tc, reports, 0, sizeof(cases) / sizeof(*cases));
}

int main(void)
{
	return unit_run("compiler_mistakes", suite_fill);
}
