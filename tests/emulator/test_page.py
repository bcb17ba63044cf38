"""The page of a plan in a real browser: all of it is there, nothing is fetched, and no text of a user is markup.

EFFC_PICTURES names a folder for pictures of the pages, to look at.
"""

import os
import pathlib
import re
import unittest

from case import Case
from harness import browser
from harness.account import client

SPEC = """
[project]
name = "shop"
region = "eu-west-1"
include = [%(include)s]

[table.orders]
partition_key = "id:string"
sort_key = "%(sort)s:string"

[queue.jobs]
handler = "src/work.js#run"
memory = %(memory)d
deps = ["orders"]

[http.addOrder]
method = "POST"
path = "/orders"
auth = "none"
handler = "src/work.js#add"
deps = %(deps)s

[output.url]
value = "${addOrder.url}"
"""
MORE = """
[queue.legacy]

[AWS.SSM.Parameter.plain]
Type = "String"
Value = "one"
"""
CODE = "export const run = () => {};\nexport const add = () => {};\n"
# What a value, a key of tags and the name of a file may hold.
HOSTILE = ["</script><script>alert(1)</script>", "<img src=x onerror=alert(1)>", "\" onclick=\"alert(1)",
           "&lt;b&gt;&#39;", "'><svg onload=alert(1)>", "\u202ereversed", "javascript:alert(1)", "--><!--", "]]>"]
FILE = "<img src=x onerror=alert(1)>\"'&amp;.toml"


def toml(text):
    return '"%s"' % "".join("\\u%04x" % ord(c) if ord(c) > 126 or c in '"\\' else c for c in text)


def topics():
    lines = []
    for i, text in enumerate(HOSTILE):
        lines += ["[AWS.SNS.Topic.hostile%d]" % i, "DisplayName = " + toml(text),
                  "Tags = [{ Key = %s, Value = %s }]" % (toml("k" + text.replace("\u202e", "r")), toml(text)), ""]
    return "\n".join(lines)


@unittest.skipUnless(browser.found(), "there is no Chromium")
class PageOfAPlan(Case):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.browser = browser.Browser().__enter__()
        cls.addClassCleanup(cls.browser.__exit__)

    def spec(self, work, sort="at", memory=128, deps='["orders"]', include="", more=""):
        work.write(SPEC % {"sort": sort, "memory": memory, "deps": deps, "include": include} + more)

    def applied(self):
        """Data in the table, a message in the queue."""
        work = self.workspace()
        work.write(CODE, "src/work.js")
        self.spec(work, more=MORE)
        work.run(self.proxy, "apply", "--yes", code=0)
        client(self.emulator.url, "dynamodb").put_item(
            TableName="shop-dev-orders", Item={"id": {"S": "1"}, "at": {"S": "2"}})
        sqs = client(self.emulator.url, "sqs")
        sqs.send_message(QueueUrl=sqs.get_queue_url(QueueName="shop-dev-legacy")["QueueUrl"], MessageBody="keep")
        return work

    def open(self, work, *options, code, name, dark=False):
        done = work.run(self.proxy, "plan", "--format", "html", *options, code=code)
        path = pathlib.Path(work.folder, "plan.html")
        path.write_text(done.out, encoding="utf-8")
        page = self.browser.open(path, dark)
        self.assertEqual(page.complaints, [])
        self.assertEqual(page.requests, [])
        if os.environ.get("EFFC_PICTURES"):
            page.screenshot(pathlib.Path(os.environ["EFFC_PICTURES"], name + ".png"))
        return page

    def count(self, page, selector):
        return page.value("document.querySelectorAll(%r).length" % selector)

    def test_what_it_shows(self):
        work = self.applied()
        self.spec(work, sort="made", memory=256, deps='["orders", "jobs"]')
        for dark in (False, True):
            page = self.open(work, code=4, name="harm-dark" if dark else "harm", dark=dark)
        plan = work.plan(self.proxy)
        self.assertEqual(self.count(page, "details.row"), len(plan["actions"]))
        self.assertRegex(page.value("document.title"), r"^shop/dev: 1 to replace, ")
        # The worst first, open, with what is lost.
        worst = page.value("[...document.querySelectorAll('main details.row[open]')].map(r => r.textContent)")
        self.assertEqual(len(worst), 3)
        self.assertIn("legacy", worst[0])
        self.assertIn("destroys 1 message", worst[0])
        self.assertIn("table.orders", worst[1])
        self.assertIn("destroys 1 item", worst[1])
        self.assertIn("data", page.value("document.querySelector('main section').className"))
        self.assertEqual(self.count(page, ".stop"), 3)
        # A box for each change and what stands next to it; each box of a change leads to its line.
        boxes = self.count(page, "svg .node")
        self.assertGreaterEqual(boxes, len(plan["actions"]))
        self.assertEqual(self.count(page, "svg a"), len(plan["actions"]))
        self.assertEqual(page.value("[...document.querySelectorAll('svg a')].every("
                                    "a => document.querySelector(a.getAttribute('href')))"), True)
        self.assertGreater(self.count(page, "svg path.edge"), 5)
        self.assertEqual(page.value("getComputedStyle(document.documentElement).backgroundColor"),
                         "rgb(13, 17, 23)")
        self.boxes_lie_apart(page)
        self.tools_work(page)

    def boxes_lie_apart(self, page):
        overlaps = page.value("""(() => {
            const boxes = [...document.querySelectorAll('svg .node rect')].map(r => r.getBoundingClientRect());
            return boxes.filter((a, i) => boxes.some((b, k) => k < i && a.left < b.right && b.left < a.right &&
                                                     a.top < b.bottom && b.top < a.bottom)).length;
        })()""")
        self.assertEqual(overlaps, 0)

    def tools_work(self, page):
        shown = "[...document.querySelectorAll('details.row')].filter(r => r.offsetParent).length"
        every = page.value(shown)
        page.value("document.getElementById('find').value = 'table.orders';"
                   "document.getElementById('find').dispatchEvent(new Event('input'))")
        self.assertLess(page.value(shown), every)
        page.value("document.getElementById('open').click()")
        self.assertEqual(page.value("document.querySelectorAll('details.row[open]:not([hidden])').length"),
                         page.value(shown))
        # A link into what is filtered away shows it.
        page.value("location.hash = '#i%d'; new Promise(r => setTimeout(r, 0))" % (every - 1))
        self.assertTrue(page.value("document.getElementById('i%d').open" % (every - 1)))
        self.assertEqual(page.value(shown), every)
        self.assertEqual(page.complaints, [])

    def test_hostile_text(self):
        work = self.workspace()
        work.write(CODE, "src/work.js")
        self.spec(work)
        work.run(self.proxy, "apply", "--yes", code=0)
        work.write(topics(), FILE)
        self.spec(work, include=toml(FILE))
        page = self.open(work, code=0, name="hostile")
        self.assertEqual(self.count(page, "details.row"), len(HOSTILE))
        self.assertEqual(self.count(page, "script"), 1)
        self.assertEqual(self.count(page, "img, iframe, object, embed, link, base, form, svg svg, b b"), 0)
        attributes = set(page.value("[...document.querySelectorAll('*')].flatMap(e => e.getAttributeNames())"))
        self.assertEqual([a for a in attributes if a.startswith("on") or a in ("src", "style")], [])
        self.assertEqual(page.value("[...document.querySelectorAll('[href]')]"
                                    ".filter(e => !e.getAttribute('href').startsWith('#')).length"), 0)
        text = page.value("document.querySelector('main').textContent")
        for hostile in HOSTILE:
            shown = hostile.replace('"', '\\"') if "\u202e" not in hostile else "\\u{202e}reversed"
            self.assertIn(shown, text)
        self.assertIn(FILE, text)

    def test_without_script(self):
        """Every line can be read and opened; only the tools are away."""
        work = self.workspace()
        work.write(CODE, "src/work.js")
        self.spec(work)
        done = work.run(self.proxy, "plan", "--format", "html", code=0)
        path = pathlib.Path(work.folder, "plan.html")
        path.write_text(re.sub(r"<script>.*</script>", "", done.out, flags=re.S), encoding="utf-8")
        page = self.browser.open(path)
        self.assertEqual(page.complaints, [])
        self.assertEqual(page.value("document.getElementById('tools').offsetParent"), None)
        page.value("document.querySelector('details.row summary').click()")
        self.assertIn("why", page.value("document.querySelector('details.row[open] .body').innerText"))

    def test_nothing_to_do(self):
        work = self.workspace()
        work.write(CODE, "src/work.js")
        self.spec(work)
        work.run(self.proxy, "apply", "--yes", code=0)
        page = self.open(work, code=0, name="empty")
        self.assertEqual(self.count(page, "details.row, svg"), 0)
        self.assertIn("nothing to do", page.value("document.querySelector('header').textContent"))


if __name__ == "__main__":
    unittest.main()
