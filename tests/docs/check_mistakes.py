#!/usr/bin/env python3
"""Holds docs/mistakes/ to the program: a page for each code of a mistake.

A page begins with `# E0412: title`.  Its fenced blocks, in order, make cases:

    ```toml             effortless.toml; with a name (```toml api.toml, ```yaml effortless.yaml) another file
    ```sh               run in the folder, to make what is too large to show
    ```text             exactly what `effc check` prints of the files above; "$ effc check --stage prod"
                        as the first line is another command

Files without a text behind them are a spec that is mended: it checks clean, with the last command.  So does
what stands above a text of only a command at the end of the page.
Files that a handler names are made.

- Every code of the sources has a page, every page's code is in the sources and in its own output.
- docs/mistakes/README.md lists the pages.
- Mistakes of three pages in one spec are all reported, and nothing else.

Usage: check_mistakes.py [--accept] [CODE ...]

--accept writes the outputs and the list.  EFFC_SRCDIR and EFFC_BUILDDIR say where the pages and the program are;
EFFC_TRIPLES how often three pages are put together, EFFC_SEED which (the same each time, unless EFFC_TRIPLES is given).
"""

import concurrent.futures
import dataclasses
import difflib
import os
import pathlib
import pty
import random
import re
import subprocess
import sys
import tempfile

SOURCE = pathlib.Path(os.environ.get("EFFC_SRCDIR", pathlib.Path(__file__).resolve().parents[2])).resolve()
PROGRAM = pathlib.Path(os.environ.get("EFFC_BUILDDIR", ".")).resolve() / "effc"
FOLDER = SOURCE / "docs" / "mistakes"
SPEC = "effortless.toml"
CODED = ["base", "spec", "compiler", "planner", "bundle", "cli"]
FENCED = re.compile(r"^```([^\n]*)\n(.*?)^```$", re.M | re.S)
TITLE = re.compile(r"# ([EW]\d{4}): (\S.*)\n")
TODAY = "1795132800"                            # 2026-11-20: runtimes are out of support from some day on
WORKERS = 2
TRIPLES_USUALLY = 60
TRIPLES = int(os.environ.get("EFFC_TRIPLES", TRIPLES_USUALLY))
LIMIT_S = 120


@dataclasses.dataclass
class Case:
    files: list                                 # (language, name, text)
    want: str = None                            # None or nothing: checks clean
    command: str = "effc check"
    span: tuple = None                          # of the output in the page

    @property
    def spec(self):
        """The text, if it is all that there is."""
        alone = len(self.files) == 1 and self.files[0][1] == SPEC and self.command == "effc check"
        return self.files[0][2] if alone else None


class Page:
    def __init__(self, path):
        self.path = path
        self.text = path.read_text(encoding="utf-8")
        match = TITLE.match(self.text)
        self.code, self.title = match.groups() if match else ("", "")
        self.wrong = []
        if self.code != path.stem:
            self.complain("the page does not begin with '# %s: title'" % path.stem)
        self.cases = list(self.read_cases())
        if not any(case.want for case in self.cases):
            self.complain("no block of text shows what is printed")
        if not self.cases or self.cases[-1].want:
            self.complain("the page does not end with a spec that is mended")

    def complain(self, text):
        self.wrong.append(text)

    def read_cases(self):
        case = Case([])
        for match in FENCED.finditer(self.text):
            language, _, name = match.group(1).partition(" ")
            if language == "text":
                first, _, rest = match.group(2).partition("\n")
                if first.startswith("$ "):
                    case.command, case.want = first[2:], rest
                else:
                    case.want = match.group(2)
                case.span = match.span(2)
                yield case
                case = Case([], command=case.command.split(" 2>")[0])
                continue
            if language not in ("toml", "yaml", "json", "sh"):
                continue                        # shown only
            name = name or {"toml": SPEC, "sh": ""}.get(language, "effortless." + language)
            if name and any(f[1] == name for f in case.files):
                yield case
                case = Case([], command=case.command)
            case.files.append((language, name, match.group(2)))
        if case.files:
            yield case


def make_handlers(root, text):
    names = re.findall(r'(?:handler|auth) *= *"([\w/.-]+\.\w+)[#"]', text)
    names += [n + ".py" for n in re.findall(r'handler *= *"([\w/-]+)\.\w+"', text)]
    for listed in re.findall(r"^ *files *= *\[([^\]]*)\]", text, re.M):
        names += [n + "/one.txt" for n in re.findall(r'"(\w[\w/.-]*)"', listed)]
    for name in names:
        path = root / name
        if ".." not in path.parts:
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text("// made for the check\n", encoding="utf-8")


def run_case(case, root):
    """The exit code (None: that of a pipe) and what was printed."""
    environment = {"PATH": "%s:%s" % (PROGRAM.parent, os.environ.get("PATH", "")), "HOME": str(root),
                   "EFF_LOCAL_STATE": "1", "AWS_EC2_METADATA_DISABLED": "true", "SOURCE_DATE_EPOCH": TODAY,
                   "ASAN_OPTIONS": os.environ.get("ASAN_OPTIONS", "")}
    for language, name, text in case.files:
        if language == "sh":
            subprocess.run(["sh", "-eu", "-c", text], cwd=root, env=environment, check=True, timeout=LIMIT_S)
            continue
        path = root / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
        make_handlers(root, text)
    done = subprocess.run(["sh", "-c", case.command], cwd=root, env=environment, stdin=subprocess.DEVNULL,
                          capture_output=True, timeout=LIMIT_S)
    if done.stdout and "|" in case.command:
        return None, done.stdout.decode("utf-8", "replace")
    return done.returncode, done.stderr.decode("utf-8", "replace")


def difference(want, have):
    lines = difflib.unified_diff(want.splitlines(True), have.splitlines(True), "the page", "the program")
    return "".join(lines)


def codes_of(output):
    return re.findall(r"^(?:\S+ )?(?:error|warning)\[([EW]\d{4})\]: ", output, re.M)


def check_page(page):
    """The page as it would pass."""
    text = page.text
    with tempfile.TemporaryDirectory(prefix="effc-mistake-") as folder:
        outputs = [(case,) + run_case(case, pathlib.Path(folder)) for case in page.cases]
    shown = set()
    for case, status, output in reversed(outputs):
        if not case.want and case is page.cases[-1]:
            if status or output:
                page.complain("the mended spec has mistakes:\n%s" % output)
            continue
        found = codes_of(output)
        shown.update(found)
        if output != case.want:
            page.complain(difference(case.want, output) or "the output is empty\n")
        if status is not None and status != (1 if any(code[0] == "E" for code in found) else 0):
            page.complain("the exit code is %d" % status)
        head = "$ %s\n" % case.command if case.command != "effc check" else ""
        text = text[:case.span[0]] + head + output + text[case.span[1]:]
    if page.code not in shown:
        page.complain("its code is not in its output")
    return text


# ---- what belongs to all pages


def codes_in_sources():
    """Code -> places."""
    found = {}
    for folder in CODED:
        for path in sorted((SOURCE / folder).rglob("*.[ch]")):
            text = path.read_text(encoding="utf-8")
            if folder == "base" and path.name.startswith("diag"):
                continue                        # speaks of codes
            for match in re.finditer(r'"([EW]\d{4}) ', text):
                place = "%s:%d" % (path.relative_to(SOURCE), text.count("\n", 0, match.start()) + 1)
                found.setdefault(match.group(1), []).append(place)
    return found


def check_codes(pages):
    wrong = []
    used, have = codes_in_sources(), {page.code for page in pages}
    for code in sorted(used):
        if code not in have:
            wrong.append("%s: no page docs/mistakes/%s.md" % (used[code][0], code))
        if code[0] == "W" and "E" + code[1:] in used:
            wrong.append("%s: W%s is an error too" % (used[code][0], code[1:]))
    wrong += ["%s.md: the sources have no such code" % code for code in sorted(have - set(used))]
    titles = {}
    for page in pages:
        if titles.setdefault(page.title, page) is not page:
            wrong.append("%s.md: the title is that of %s.md" % (page.code, titles[page.title].code))
    return wrong


AREAS = (("1", "The text of the file"), ("2", "Expressions"), ("3", "The document: sections, ids, stages, modules"),
         ("4", "Properties and references"), ("5", "Handler blocks and rules of AWS"),
         ("6", "Plans"))


def index_of(pages):
    lines = ["# Mistakes", "",
             "Every mistake that `effc check` reports has a code and a page: what is wrong and why, a spec with the",
             "mistake, exactly what is printed, and the spec mended. `effc explain E0412` prints a page.", ""]
    for digit, title in AREAS:
        of_area = [page for page in pages if page.code[2:3] == digit]
        if of_area:
            lines += ["## " + title, ""]
            lines += ["- [%s](%s.md) %s" % (page.code, page.code, page.title) for page in of_area] + [""]
    return "\n".join(lines)


def check_index(pages, accept):
    path, want = FOLDER / "README.md", index_of(pages)
    have = path.read_text(encoding="utf-8") if path.exists() else ""
    if have == want:
        return []
    if accept:
        path.write_text(want, encoding="utf-8")
    return ["README.md: the list is not that of the pages (--accept writes it)"]


def check_hint():
    """On a terminal, and only there, the end of the output says where to read on."""
    with tempfile.TemporaryDirectory(prefix="effc-mistake-") as folder:
        reader, terminal = pty.openpty()
        (pathlib.Path(folder) / SPEC).write_text("[project]\nname = 1\n", encoding="utf-8")
        subprocess.run([str(PROGRAM), "check"], cwd=folder, stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL,
                       stderr=terminal, timeout=LIMIT_S, env={"ASAN_OPTIONS": os.environ.get("ASAN_OPTIONS", "")})
        os.close(terminal)
        shown = os.read(reader, 65536).decode("utf-8", "replace").replace("\r", "")
        os.close(reader)
    last = shown.rstrip("\n").rpartition("\n")[2]
    return [] if re.fullmatch(r"effc explain E\d{4} tells more", last) else ["on a terminal: " + shown]


# ---- mistakes of several pages in one spec


HEADER = '[project]\nname = "shop"\nregion = "eu-west-1"\n\n'
KINDS = (r"local|each|bucket|function|http|queue|schedule|table|topic|existing\.stack|existing\.AWS\.\w+\.\w+|"
         r"module|variable|check|secret|target")
IDS = re.compile(r'^\[+(?:(?:%s)|AWS\.\w+\.\w+)\.(\w+)' % KINDS, re.M)
ALONE = ("E0222",)                              # what works out too much leaves nothing for the others
SHARED = re.compile(r"^\[\[\w+\]\]|^\[(?:queue|AWS(?:\.\w+){0,2})\]", re.M)     # it would meet the others' blocks


def fragment_of(page):
    """What follows the usual [project], and the codes that it gives; None if it cannot stand beside others."""
    case = next((c for c in page.cases if c.want), None)
    if page.code in ALONE or not case or not case.spec or SHARED.search(case.spec) or \
            not case.spec.startswith(HEADER + "["):
        return None
    return case.spec[len(HEADER):], codes_of(case.want)


def renamed(fragment, mark):
    """With ids and routes of its own."""
    for name in sorted(set(IDS.findall(fragment)) - set(KINDS.split("|"))):
        fragment = re.sub(r"(^\[.*\.|\bvar\.|(?<![\w.]))%s\b" % name, r"\g<1>" + name + mark, fragment, flags=re.M)
    fragment = re.sub(r"^\[output\.\w+", r"\g<0>" + mark, fragment, flags=re.M)
    return re.sub(r'^(path = ")/', r"\1/%s/" % mark, fragment, flags=re.M)


def headers_of(fragment):
    return set(re.findall(r"^\[.*", fragment, re.M))


def combine(fragments):
    """None if a section would stand twice, or if one mistake is the cause of another.

    Where text is lost, a block that nobody knows may be in it; what is used of a section that is refused is no
    further mistake.
    """
    found = {code for _, codes in fragments for code in codes}
    if "E0307" in found and any(code.startswith("E01") for code in found) or {"E0219", "E0313"} <= found:
        return None
    parts = [renamed(text, mark) for (text, _), mark in zip(fragments, "XYZ")]
    headers = [headers_of(part) for part in parts]
    if any(headers[i] & headers[k] for i in range(len(parts)) for k in range(i)):
        return None
    return HEADER + "\n".join(parts)


def check_triple(pages, text, codes):
    with tempfile.TemporaryDirectory(prefix="effc-mistakes-") as folder:
        output = run_case(Case([("toml", SPEC, text)]), pathlib.Path(folder))[1]
    if sorted(codes_of(output)) == sorted(codes):
        return []
    return ["%s together: wanted %s\n%s\n%s" % (
        " ".join(page.code for page in pages), " ".join(sorted(codes)), text, output)]


def check_triples(pages, count, pool):
    """Each mistake is found beside the others, and causes no further one."""
    seed = int(os.environ.get("EFFC_SEED", 1 if count == TRIPLES_USUALLY else random.randrange(1 << 30)))
    chance, known, jobs = random.Random(seed), {}, []
    for page in pages:
        fragment = fragment_of(page)
        if fragment:
            known[page.code] = (page, fragment)
    while len(jobs) < count:
        chosen = [known[code] for code in chance.sample(sorted(known), 3)]
        text = combine([fragment for _, fragment in chosen])
        if text:
            codes = [code for _, fragment in chosen for code in fragment[1]]
            jobs.append(pool.submit(check_triple, [page for page, _ in chosen], text, codes))
    wrong = [line for job in jobs for line in job.result()]
    print("%d triples of %d pages, EFFC_SEED=%d: %d mistakes" % (len(jobs), len(known), seed, len(wrong)))
    return wrong


def main():
    arguments = sys.argv[1:]
    accept = "--accept" in arguments
    chosen = [a for a in arguments if re.fullmatch(r"[EW]\d{4}", a)]
    paths = sorted(FOLDER.glob("[EW]*.md"), key=lambda p: p.stem[1:])
    every = [Page(path) for path in paths]
    pages = [page for page in every if page.code in chosen] if chosen else every
    with concurrent.futures.ThreadPoolExecutor(WORKERS) as pool:
        for page, text in zip(pages, pool.map(check_page, pages)):
            if accept and text != page.text:
                page.path.write_text(text, encoding="utf-8")
            for wrong in page.wrong:
                print("%s: %s" % (page.path.relative_to(SOURCE), wrong))
        triples = [] if chosen else check_triples(every, TRIPLES, pool)
    general = [] if chosen else check_codes(every) + check_index(every, accept) + check_hint() + triples
    print("\n".join(general), end="\n" if general else "")
    wrong = sum(len(page.wrong) for page in pages) + len(general)
    print("%d pages, %d cases: %d mistakes" % (len(pages), sum(len(page.cases) for page in pages), wrong))
    return 1 if wrong or not pages else 0


if __name__ == "__main__":
    sys.exit(main())
