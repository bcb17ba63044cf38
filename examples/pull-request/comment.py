#!/usr/bin/env python3
"""Keeps one comment with the plan on a pull request of GitHub: finds it, writes it, updates it.

    comment.py get >previous.md      the comment that is there; nothing if there is none
    comment.py put <plan.md          what `effc plan --format markdown` printed

The comment is the one of EFFC_AUTHOR whose first line is the hidden line that effc writes for the same project and
stage; others' comments are never touched, whatever they hold. A plan with the digest of the one that is there is not
written again. Of one plan there is one comment also where an answer was lost: before a second try it looks again.

GITHUB_TOKEN         needs to read and write comments of the pull request; it is sent to GITHUB_API_URL alone
GITHUB_REPOSITORY    owner/name
EFFC_PULL            the number of the pull request, else it is read from GITHUB_EVENT_PATH
EFFC_STACK           project/stage, for `get`; `put` reads it from the plan
EFFC_AUTHOR          whose comment it is; github-actions[bot], as whom GITHUB_TOKEN of a workflow writes
EFFC_WAIT            seconds before the second try, doubled for each further one (1)
"""

import json
import os
import re
import sys
import time
import urllib.error
import urllib.parse
import urllib.request

MARKER = re.compile(r"<!-- effc:plan v1 stack=([\w.-]+/[\w.-]+) digest=([0-9a-f]{64}) [^\n]*-->\r?$", re.M)
LIMIT = 65536          # characters that a comment may have
TRIES = 5
PAGES = 50
ANSWER_BYTES = 20 << 20
TIMEOUT_S = 30


class Failure(Exception):
    """A text for people; never holds the token."""


class Again(Failure):
    """Worth another try, after so many seconds if that is told."""

    def __init__(self, text, seconds=None):
        super().__init__(text)
        self.seconds = seconds


class NoRedirect(urllib.request.HTTPRedirectHandler):
    """The token goes to one address and is taken nowhere else."""

    def redirect_request(self, *_):
        return None


def needed(name):
    value = os.environ.get(name, "")
    if not value:
        raise Failure("%s is not set" % name)
    return value


def marker_of(text):
    """(stack, digest) of a plan's first line, or None."""
    match = MARKER.match(text or "")
    return match.groups() if match else None


class Api:
    def __init__(self):
        self.base = os.environ.get("GITHUB_API_URL", "https://api.github.com").rstrip("/")
        url = urllib.parse.urlsplit(self.base)
        if url.scheme != "https" and url.hostname not in ("127.0.0.1", "localhost", "::1"):
            raise Failure("GITHUB_API_URL is no https address")
        self.token = needed("GITHUB_TOKEN")
        self.repository = needed("GITHUB_REPOSITORY")
        if not re.fullmatch(r"[\w.-]+/[\w.-]+", self.repository):
            raise Failure("GITHUB_REPOSITORY is no owner/name")
        self.wait_s = float(os.environ.get("EFFC_WAIT", "1"))
        self.opener = urllib.request.build_opener(NoRedirect)

    def once(self, method, path, body=None):
        headers = {"Authorization": "Bearer " + self.token, "Accept": "application/vnd.github+json",
                   "X-GitHub-Api-Version": "2022-11-28", "User-Agent": "effc-plan-comment"}
        data = None
        if body is not None:
            data = json.dumps({"body": body}).encode()
            headers["Content-Type"] = "application/json"
        request = urllib.request.Request(self.base + path, data=data, headers=headers, method=method)
        try:
            with self.opener.open(request, timeout=TIMEOUT_S) as answer:
                return json.loads(answer.read(ANSWER_BYTES) or b"null")
        except urllib.error.HTTPError as e:
            raise self.judged(method, path, e) from None
        except (OSError, ValueError) as e:
            raise Again("%s %s: %s" % (method, path, e)) from None

    @staticmethod
    def judged(method, path, e):
        text = "%s %s: %d %s" % (method, path, e.code, e.reason)
        limited = e.headers.get("retry-after") or e.headers.get("x-ratelimit-remaining") == "0"
        if e.code >= 500 or e.code == 429 or (e.code == 403 and limited):
            seconds = e.headers.get("retry-after", "")
            return Again(text, min(int(seconds), 60) if seconds.isdigit() else None)
        failure = Failure(text)
        failure.code = e.code
        return failure

    def pause(self, attempt, failure):
        if attempt + 1 == TRIES:
            raise Failure("%s, %d times" % (failure, TRIES))
        print("%s; trying again" % failure, file=sys.stderr)
        time.sleep(max(self.wait_s * 2 ** attempt, failure.seconds or 0))

    def call(self, method, path, body=None):
        for attempt in range(TRIES):
            try:
                return self.once(method, path, body)
            except Again as failure:
                self.pause(attempt, failure)
        raise AssertionError


def pull_number():
    number = os.environ.get("EFFC_PULL", "")
    if not number:
        with open(needed("GITHUB_EVENT_PATH"), encoding="utf-8") as event:
            number = str(json.load(event).get("pull_request", {}).get("number", ""))
    if not re.fullmatch(r"[1-9]\d{0,9}", number):
        raise Failure("this is no pull request")
    return number


class Comments:
    """Those of one pull request."""

    def __init__(self, api):
        self.api = api
        self.author = os.environ.get("EFFC_AUTHOR", "github-actions[bot]")
        self.path = "/repos/%s/issues/%s/comments" % (api.repository, pull_number())

    def ours(self, stack):
        """Our newest comment of a stack, or None. Page by page: it may be far behind."""
        found = None
        for page in range(1, PAGES + 1):
            comments = self.api.call("GET", "%s?per_page=100&page=%d" % (self.path, page))
            if not isinstance(comments, list):
                raise Failure("the comments are no list")
            for comment in comments:
                marker = marker_of(comment.get("body"))
                if (comment.get("user") or {}).get("login") == self.author and marker and marker[0] == stack:
                    found = comment
            if len(comments) < 100:
                break
        return found

    def update(self, comment, body):
        """False if somebody deleted it in between."""
        try:
            self.api.call("PATCH", "/repos/%s/issues/comments/%d" % (self.api.repository, comment["id"]), body)
        except Failure as failure:
            if getattr(failure, "code", 0) == 404:
                return False
            raise
        return True

    def post(self, stack, digest, body):
        """A lost answer does not make two of it."""
        for attempt in range(TRIES):
            try:
                self.api.once("POST", self.path, body)
                return
            except Again as failure:
                self.api.pause(attempt, failure)
            there = self.ours(stack)
            if there and marker_of(there["body"])[1] == digest:
                return


def get():
    stack = needed("EFFC_STACK")
    comment = Comments(Api()).ours(stack)
    if comment:
        sys.stdout.write(comment["body"].replace("\r\n", "\n"))


def put():
    body = sys.stdin.read(LIMIT * 4)
    marker = marker_of(body)
    if not marker:
        raise Failure("this is no plan in markdown")
    if len(body.encode("utf-16-le")) // 2 > LIMIT:
        raise Failure("the plan is longer than a comment may be: see --max-bytes of effc plan")
    stack, digest = marker
    comments = Comments(Api())
    there = comments.ours(stack)
    if there and marker_of(there["body"])[1] == digest:
        print("%s: the comment says it already" % stack)
    elif there and comments.update(there, body):
        print("%s: the comment is updated" % stack)
    else:
        comments.post(stack, digest, body)
        print("%s: commented" % stack)


def main(words):
    for stream in (sys.stdin, sys.stdout):
        stream.reconfigure(encoding="utf-8", newline="")
    if words not in (["get"], ["put"]):
        sys.exit("usage: comment.py get|put")
    try:
        get() if words == ["get"] else put()
    except Failure as failure:
        sys.exit("error: %s" % failure)


if __name__ == "__main__":
    main(sys.argv[1:])
