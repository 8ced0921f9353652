"""The command line of the knowledge base: python -m indexer add | samples | list | show | remove | rebuild | ..."""

from __future__ import annotations

import argparse
import json
import logging
import os
import re
import sys
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import asdict, replace
from functools import partial
from itertools import islice
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, BinaryIO

from tqdm import tqdm

from corpus.errors import CounterpointError, NotInStore, UnreadableInput
from corpus.paths import data_folder
from corpus.personal import Shown
from corpus.readers.table import COLUMNS
from corpus.samples import sample_threads
from corpus.sources import Intake, count_threads
from corpus.thread import ID_LENGTH, Post, Thread
from indexer.claim_table import FORMATS, ClaimRow, CorrectionRow, claim_rows, correction_rows
from indexer.corrections import Matter, Record
from indexer.embeddings import Encoder
from indexer.errors import JudgeMissing, NotWritten
from indexer.exports import export_threads, exported_in, import_threads, read_exported, shown_by
from indexer.files import new_file
from indexer.judge import Judge, Judgement
from indexer.knowledge import CitedClaim, IndexReport, KnowledgeBase, Problem, Progress, Removed
from indexer.profile import profile
from indexer.showing import shown_claim

BACKUP = """\
Copy the knowledge base into a new FOLDER, as it is at one moment; it may be served and added to meanwhile. To restore
it, open the copy in its place: python -m indexer --data FOLDER verify, python app.py --data FOLDER.
"""
EXPORT = """\
Write the threads as JSON lines in the neutral form, which `import` makes the same knowledge base of, or with --claims a
row a claim, each with its post, its stance and the four probabilities behind it. Packed where FILE ends with .gz.
E-mail addresses and telephone numbers are masked unless --unmasked; an export with masks is imported with them.
In CSV a text that a spreadsheet could run begins with an apostrophe: take one away from each text that begins with
apostrophes and one of = + - @, tab or an end of line, and you have what was said.
"""
PSEUDONYMS = "replace names, the same one always by the same pseudonym; links are left out, names in running text stay"

AGAIN = "the index from vectors, the vectors from claims, or the claims from posts (default: index)"

FINE, PROBLEM = 0, 1
INTERRUPTED = 130
"""What shells expect of a program that Ctrl-C ended: 128 and the number of the signal."""

EXAMPLES = """\
examples:
  python -m indexer add thread.txt                   add a thread that was copied into a file
  xclip -o | python -m indexer add - --forum LetsRun add what the clipboard holds
  python -m indexer add dumps/ --dry-run       say what adding a folder would do, and how long it would take
  python -m indexer list weights                     list the threads with "weights" in their title or question
  python -m indexer show 3f47b9                      show a thread, a post or a claim, its claims marked
  python -m indexer remove --author "Jo S."          remove everything that Jo S. wrote
  python -m indexer remove --author-like 'spam*'     remove what everybody of such a name wrote, after asking
  python -m indexer verify                           exit with 1 where something is wrong
  python -m indexer export all.jsonl.gz --unmasked   write every thread, for `import` elsewhere
  python -m indexer export claims.csv --claims       write every claim with its stance, for a spreadsheet
  python -m indexer corrections                      list what people corrected, and how often the program was right
  python -m indexer backup /backups/today            copy it all, while it is being served

Exit status: 0 fine, 1 a problem or a refused file, 2 a command that was not understood.
"""


def main(arguments: Sequence[str] | None = None, *, encoder: Encoder | None = None, judge: Judge | None = None) -> int:
    """Run one command, with the shipped encoder and judge unless others are given; return its exit status."""
    options = parser().parse_args(arguments)
    options.open = partial(KnowledgeBase.open, folder=data_folder(options.data), encoder=encoder, judge=judge)
    logging.basicConfig(level=logging.INFO if options.verbose else logging.WARNING, format="%(message)s")
    try:
        status: int = options.run(options)
        sys.stdout.flush()
    except (CounterpointError, OSError) as error:
        if isinstance(error, BrokenPipeError):  # the reader of a pipe has seen enough, as in "list | head"
            os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
            return FINE
        return _complain(str(error))
    except KeyboardInterrupt:
        _complain("interrupted; what was added is kept, and the same command goes on from there")
        return INTERRUPTED
    return status


def parser() -> argparse.ArgumentParser:
    """Return the parser of the command line."""
    root = argparse.ArgumentParser(
        prog="python -m indexer",
        description="Add forum threads to a knowledge base of claims, look into it, and keep it in order.",
        epilog=EXAMPLES,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    _shared(root, data=None, verbose=False)
    commands = root.add_subparsers(required=True, metavar="COMMAND")
    add = _command(commands, "add", _add, "add threads from files, or bring them up to date")
    files = "a file with threads, a folder (with all that is in it), a pattern, or - for standard input"
    add.add_argument("files", metavar="FILE", nargs="+", help=files)
    add.add_argument("--title", help="the title of the thread, in place of the one found")
    add.add_argument("--forum", help="where the thread comes from")
    for role in COLUMNS:
        help_ = f"of tables: what the column of the {role} is called, where it has no usual name"
        add.add_argument(f"--{role}-column", metavar="NAME", help=help_)
    add.add_argument("--dry-run", action="store_true", help="only say what would be added, and how long it would take")
    _command(commands, "samples", _samples, "add the sample threads")
    timed = _command(commands, "profile", _profile, "tell where the time of adding files goes; nothing is kept")
    timed.add_argument("files", metavar="FILE", nargs="+", help=files)
    timed.add_argument("--most", metavar="N", type=int, default=100, help="threads that are added (default: 100)")
    listing = _command(commands, "list", _list, "list the threads, latest first")
    _unmasked(listing)
    listing.add_argument("text", metavar="TEXT", nargs="?", default="", help="only threads with TEXT in their heading")
    show = _command(commands, "show", _show, "show a thread, a post or a claim, its claims between « and »")
    show.add_argument("id", metavar="ID", help="an id, or how it begins")
    _unmasked(show)
    show.add_argument("--pseudonyms", action="store_true", help=PSEUDONYMS)
    remove = _command(commands, "remove", _remove, "remove a thread, a post or an author, with all that was derived")
    which = remove.add_mutually_exclusive_group(required=True)
    which.add_argument("--thread", metavar="ID", help="an id, or how it begins")
    which.add_argument("--post", metavar="ID", help="an id, or how it begins")
    which.add_argument("--author", metavar="NAME", help="a name, exactly as it is shown: everything they wrote goes")
    which.add_argument("--thread-like", metavar="PATTERN", help="threads whose title fits, as in a shell: *, ?, [abc]")
    which.add_argument("--author-like", metavar="PATTERN", help="authors whose name fits, as in a shell: *, ?, [abc]")
    remove.add_argument("--yes", action="store_true", help="do not ask; patterns need it where nobody can be asked")
    remove.add_argument("--dry-run", action="store_true", help="only list what would be removed")
    rebuild = _command(commands, "rebuild", _rebuild, "make again what is derived from the posts")
    rebuild.add_argument("--again", choices=("index", "vectors", "claims"), default="index", help=AGAIN)
    export = _command(commands, "export", _export, "write the threads or the claims to a file", EXPORT)
    export.add_argument("file", metavar="FILE", help="where to; - is standard output")
    export.add_argument("--claims", action="store_true", help="write claims with their stances, not threads")
    export.add_argument("--format", choices=FORMATS, help="of claims (default: what FILE ends with, else jsonl)")
    export.add_argument("--thread", metavar="ID", nargs="+", help="only these threads; ids, or how they begin")
    export.add_argument("--question", metavar="Q", help="judge claims toward Q, not toward their threads' questions")
    export.add_argument("--pseudonyms", action="store_true", help=PSEUDONYMS)
    export.add_argument("--force", action="store_true", help="replace FILE where it is there already")
    _unmasked(export)
    importing = _command(commands, "import", _import, "make the knowledge base of an export, or add it to this one")
    importing.add_argument("files", metavar="FILE", nargs="+", help="what `export` wrote; - reads standard input")
    _correcting(commands)
    backup = _command(commands, "backup", _backup, "copy the knowledge base while it is in use", BACKUP)
    backup.add_argument("folder", metavar="FOLDER", type=Path, help="a folder that is not there yet")
    _command(commands, "verify", _verify, "look for anything wrong; exit with 1 where there is")
    _command(commands, "stats", _stats, "say how much there is, and what made it")
    return root


def _correcting(commands: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    corrections = _command(commands, "corrections", _corrections, "list what people said of claims, export or undo it")
    doing = corrections.add_mutually_exclusive_group()
    doing.add_argument("--export", metavar="FILE", dest="file", help="write them to a file; - is standard output")
    doing.add_argument("--undo", metavar="ID", help="take one back; an id as the list prints it, or how it begins")
    corrections.add_argument("--format", choices=FORMATS, help="of the file (default: what FILE ends with, else jsonl)")
    corrections.add_argument("--pseudonyms", action="store_true", help=PSEUDONYMS)
    corrections.add_argument("--force", action="store_true", help="replace FILE where it is there already")
    _unmasked(corrections)


def _command(
    commands: argparse._SubParsersAction[argparse.ArgumentParser],  # argparse has no public name for it
    name: str,
    run: Callable[[argparse.Namespace], int],
    what: str,
    more: str = "",
) -> argparse.ArgumentParser:
    made = commands.add_parser(name, help=what, description=more or f"{what[0].upper()}{what[1:]}.")
    made.set_defaults(run=run)
    made.add_argument("--json", action="store_true", help="print JSON")
    _shared(made, data=argparse.SUPPRESS, verbose=argparse.SUPPRESS)  # what stood before the command stays
    return made


def _shared(made: argparse.ArgumentParser, *, data: str | None, verbose: bool | str) -> None:
    where = "the knowledge base (default: $COUNTERPOINT_DATA, else a folder of the user's)"
    made.add_argument("--data", metavar="FOLDER", default=data, help=where)
    made.add_argument("-v", "--verbose", action="store_true", default=verbose, help="say more, on standard error")


def _unmasked(made: argparse.ArgumentParser) -> None:
    made.add_argument(
        "--unmasked", action="store_true", help="leave e-mail addresses and telephone numbers as they are"
    )


# Commands


def _add(options: argparse.Namespace) -> int:
    named = {role: getattr(options, f"{role}_column") for role in COLUMNS}
    columns = {role: name for role, name in named.items() if name}
    intake = Intake(tuple(options.files), _complain, sys.stdin.buffer, columns)
    threads = (_headed(thread, options) for thread in intake.threads())
    if options.dry_run:
        return _plan(options, intake, threads)
    with options.open() as base, _bar(partial(count_threads, options.files)) as progress:
        report = base.add(threads, progress=progress)
    report = replace(report, skipped_by_reason=dict(intake.left_out + Counter(report.skipped_by_reason)))
    if options.json:
        _print_json({**asdict(report), "refused": intake.refused})
    elif report.threads:
        print(_said(report))
    return PROBLEM if intake.refused else FINE


def _profile(options: argparse.Namespace) -> int:
    intake = Intake(tuple(options.files), _complain, sys.stdin.buffer, {})
    with TemporaryDirectory() as empty, options.open(folder=Path(empty)) as base:
        found = profile(base, islice(intake.threads(), options.most))
    if options.json:
        _print_json({"seconds": found.seconds, **asdict(found.report), "refused": intake.refused})
    elif found.report.threads:
        print("\n".join(found.lines()))
    return PROBLEM if intake.refused else FINE


def _plan(options: argparse.Namespace, intake: Intake, threads: Iterator[Thread]) -> int:
    with _as_it_would_be(options) as base, _bar() as progress:
        plan = base.plan(threads, progress=progress)
    if options.json:
        _print_json({**asdict(plan), "left_out": intake.left_out, "refused": intake.refused})
        return PROBLEM if intake.refused else FINE
    about = "" if plan.exact else "about "
    left_out = f"; left out: {_reasons(intake.left_out)}" if intake.left_out else ""
    print(
        f"would add {_count(plan.new, 'thread')}, update {plan.updated}, leave {plan.unchanged} unchanged: "
        f"{_count(plan.posts, 'post')} new or edited, {about}{_count(plan.claims, 'new claim')}, "
        f"in about {_duration(plan.seconds)}{left_out}"
    )
    return PROBLEM if intake.refused else FINE


@contextmanager
def _as_it_would_be(options: argparse.Namespace) -> Iterator[KnowledgeBase]:
    """The knowledge base, or where there is none yet an empty one that is gone afterwards."""
    folder = data_folder(options.data)
    if folder.exists() and any(folder.iterdir()):
        with options.open(create=False) as base:
            yield base
        return
    with TemporaryDirectory() as empty, options.open(folder=Path(empty)) as base:
        yield base


def _samples(options: argparse.Namespace) -> int:
    with options.open() as base, _bar() as progress:
        report = base.add(sample_threads(), progress=progress)
    if options.json:
        _print_json(asdict(report))
    else:
        print(_said(report))
    return FINE


def _list(options: argparse.Namespace) -> int:
    shown = Shown(masked=not options.unmasked)
    with options.open(create=False) as base:
        found = [
            replace(one, title=shown.text(one.title), question=shown.text(one.question))
            for one in base.threads(options.text)
        ]
    if options.json:
        _print_json([asdict(one) for one in found])
        return FINE
    for one in found:
        print(f"{one.id}  {_count(one.posts, 'post'):>9}  {_count(one.claims, 'claim'):>10}  {_line(one.title)}")
    return FINE


def _show(options: argparse.Namespace) -> int:
    with options.open(create=False) as base:
        thread, posts, cited = _found(base, _resolve(base, options.id))
        question = base.question_of(thread.id)
        judged = _judged(base, question, cited)
        skipped = Counter(one.reason for one in base.skipped(thread.id))
        shown = Shown(masked=not options.unmasked)
        if options.pseudonyms:
            shown = shown_by(base, unmasked=options.unmasked, pseudonyms=True)
    thread, posts, question = shown.thread(thread), list(map(shown.post, posts)), shown.text(question)
    cited = [shown_claim(one, shown) for one in cited]
    if options.json:
        _print_json(_as_json(thread, question, posts, cited, judged))
        return FINE
    print(f"{_line(thread.title)}{'  (invented)' if thread.invented else ''}\nquestion: {_line(question)}")
    for post in posts:
        print(f"\n{post.id}  {_heading(post)}\n{_marked(post, cited)}")
        for claim in (one.claim for one in cited if one.post.id == post.id):
            print(f"  {claim.id}  {_stance(judged.get(claim.id))}  {claim.kind:<10}  {_line(claim.text)}")
    if len(posts) > 1 and skipped:
        print(f"\nskipped: {_reasons(skipped)}")
    return FINE


def _remove(options: argparse.Namespace) -> int:
    with options.open(create=False) as base:
        which, listed = _to_remove(base, options)
        if not listed:
            return _complain(f"{options.author_like or options.thread_like} fits no name here; nothing was removed")
        if not (options.dry_run or options.yes or _agreed(base, which, listed, options)):
            return _complain("nothing was removed; --yes removes without asking, --dry-run lists")
        removed = base.remove(**which, rehearse=options.dry_run)
    verb = "would remove" if options.dry_run else "removed"
    if options.json:
        _print_json({**asdict(removed), "listed": listed, "dry_run": options.dry_run})
    else:
        print("".join(f"{one}\n" for one in listed if options.dry_run), end="")
        print(f"{verb} {_counted(removed)}")
    if not removed.posts:
        return _complain(f"no post by {options.author}; names are as `show` prints them")
    return FINE


def _to_remove(base: KnowledgeBase, options: argparse.Namespace) -> tuple[dict[str, list[str]], list[str]]:
    """Return what to remove, as `KnowledgeBase.remove` takes it, and a line on each."""
    if options.thread_like is not None:
        threads = base.threads_like(options.thread_like)
        return {"threads": [one.id for one in threads]}, [f"{one.id}  {_line(one.title)}" for one in threads]
    if options.author_like is not None:
        authors = base.authors_like(options.author_like)
        return {"authors": list(authors)}, [f"{_line(name)}  {_count(n, 'post')}" for name, n in authors.items()]
    if options.author is not None:
        return {"authors": [options.author]}, [_line(options.author)]
    kind = "threads" if options.thread is not None else "posts"
    found = _resolve(base, options.thread or options.post)
    return {kind: [found]}, [found]


def _agreed(
    base: KnowledgeBase, which: Mapping[str, list[str]], listed: Sequence[str], options: argparse.Namespace
) -> bool:
    """Ask on a terminal; elsewhere, what was named exactly may go, and what fits a pattern may not."""
    if not sys.stdin.isatty():
        return options.author_like is None and options.thread_like is None
    would = base.remove(**which, rehearse=True)
    print("\n".join(listed), f"remove {_counted(would)}? [y/N] ", sep="\n", end="", file=sys.stderr, flush=True)
    return sys.stdin.readline().strip().lower() in {"y", "yes"}


def _counted(removed: Removed) -> str:
    counts = (removed.threads, "thread"), (removed.posts, "post"), (removed.claims, "claim")
    return ", ".join(_count(*one) for one in counts)


def _rebuild(options: argparse.Namespace) -> int:
    with options.open(create=False, mending=True) as base, _bar() as progress:
        report = base.rebuild(again=options.again, progress=progress)
        claims = base.stats().claims
    if options.json:
        _print_json({**asdict(report), "claims": claims})
    else:
        print(f"made the {options.again} again: {_count(claims, 'claim')}")
    return FINE


def _export(options: argparse.Namespace) -> int:
    form = _format(options)
    if not options.claims and (form != "jsonl" or options.question):
        raise NotWritten("threads are written as JSON lines, without a question; for claims add --claims")
    with options.open(create=False) as base, _output(options) as file, _bar() as progress:
        ids = [base.thread(_resolve(base, one)).id for one in options.thread or ()] or base.store.thread_ids()
        shown = shown_by(base, unmasked=options.unmasked, pseudonyms=options.pseudonyms)

        def each() -> Iterator[str]:
            for number, one in enumerate(ids, start=1):
                yield one
                progress(Progress(number, len(ids), "writing"))

        if options.claims:
            FORMATS[form](claim_rows(base, each(), shown, options.question), file, ClaimRow)
        else:
            file.writelines(f"{one.line()}\n".encode() for one in export_threads(base, each(), shown))
    if options.file == "-":
        return FINE
    if options.json:
        _print_json({"file": options.file, "threads": len(ids)})
    else:
        print(f"wrote {'the claims of ' if options.claims else ''}{_count(len(ids), 'thread')} to {options.file}")
    return FINE


def _format(options: argparse.Namespace) -> str:
    """Return the format to write: the one asked for, else what the file's name ends with, else JSON lines."""
    written = Path(options.file)
    ending = (written.with_suffix("") if written.suffix == ".gz" else written).suffix[1:]
    return options.format or (ending if ending in FORMATS else "jsonl")


def _corrections(options: argparse.Namespace) -> int:
    with options.open(create=False) as base:
        if options.undo is not None:
            return _undo(base, options)
        rows = correction_rows(base, shown_by(base, unmasked=options.unmasked, pseudonyms=options.pseudonyms))
        if options.file is not None:
            with _output(options) as file:
                FORMATS[_format(options)](rows, file, CorrectionRow)
            if options.file != "-":
                print(f"wrote {_count(len(base.corrections()), 'correction')} to {options.file}")
            return FINE
        listed, records = list(rows), base.records()
    if options.json:
        right = {matter: {**asdict(one), "interval": one.interval} for matter, one in records.items()}
        _print_json({"corrections": [asdict(one) for one in listed], "right": right})
        return FINE
    for row in listed:
        print(f"{row.id}  {row.at[:10]}  {row.matter:<6}  {row.now:<10}  {_before(row):<14}  {_line(row.text)}")
        about = (("toward", row.question), ("by", row.who), ("its words are", "" if row.claim else "no claim now"))
        print("".join(f"    {name}: {_line(value)}\n" for name, value in about if value), end="")
    print("\n".join(_right(matter, one) for matter, one in records.items()))
    return FINE


def _undo(base: KnowledgeBase, options: argparse.Namespace) -> int:
    found = [made.id for made in base.corrections() if made.id.startswith(options.undo.lower())]
    if not found:
        raise NotInStore(f"no correction has the id {options.undo}; `corrections` lists them")
    if len(found) > 1:
        raise NotInStore(f"{options.undo} is how several ids begin: {', '.join(found)}; give more of it")
    made = base.undo_correction(found[0])
    if options.json:
        _print_json(asdict(made))
    else:
        print(f"undone: {made.matter} {made.now}, {made.said} again")
    return FINE


def _before(row: CorrectionRow) -> str:
    """What the program had said, in words."""
    return "as was said" if row.right else f"was {row.said}"


def _right(matter: Matter, record: Record) -> str:
    """How often the program had been right, in words."""
    name = {Matter.STANCE: "stances", Matter.KIND: "kinds"}[matter]
    if not record.marked:
        return f"{name}: none marked"
    low, high = record.interval
    return (
        f"{name}: {record.right} of {record.marked} marked had been right (95% interval {low:.0%} to {high:.0%}; "
        "people mark wrong ones more often)"
    )


def _import(options: argparse.Namespace) -> int:
    refused, report = [], IndexReport()
    with options.open() as base, _bar() as progress:
        for file in options.files:
            found = exported_in(sys.stdin.buffer, "standard input") if file == "-" else read_exported(Path(file))
            try:
                report += import_threads(base, found, progress=progress)
            except UnreadableInput as error:
                refused.append(str(error))
                _complain(str(error))
    if options.json:
        _print_json({**asdict(report), "refused": refused})
    elif report.threads:
        print(_said(report))
    return PROBLEM if refused else FINE


def _backup(options: argparse.Namespace) -> int:
    with options.open(create=False, mending=True) as base:
        found = base.backup(options.folder)
    return _print_problems(found, options)


def _verify(options: argparse.Namespace) -> int:
    with options.open(create=False, mending=True) as base:
        found = base.verify()
    return _print_problems(found, options)


def _print_problems(found: Sequence[Problem], options: argparse.Namespace) -> int:
    if options.json:
        _print_json([asdict(one) for one in found])
    else:
        for one in found:
            print(f"{one.name}: {one.detail}\n  mend it with: {one.remedy}")
        print(_count(len(found), "problem") if found else "sound")
    return PROBLEM if found else FINE


def _stats(options: argparse.Namespace) -> int:
    with options.open(create=False) as base:
        stats = base.stats()
    if options.json:
        _print_json(asdict(stats))
        return FINE
    rows = {
        "folder": base.folder,
        "threads": stats.threads,
        "posts": stats.posts,
        "people": stats.people,
        "claims": f"{stats.claims}  ({_reasons(stats.claims_by_kind)})" if stats.claims else 0,
        "skipped": f"{sum(stats.skipped_by_reason.values())}  ({_reasons(stats.skipped_by_reason)})",
        "encoder": f"{stats.encoder} ({stats.dimension} dimensions)",
        "judge": stats.judge,
        "splitter": stats.splitter,
        "size": f"{stats.bytes / 1e6:.1f} MB",
    }
    for name, value in rows.items():
        print(f"{name:<9} {value}")
    return FINE


# Reading


def _headed(thread: Thread, options: argparse.Namespace) -> Thread:
    return replace(thread, title=options.title or thread.title, forum=options.forum or thread.forum)


def _resolve(base: KnowledgeBase, given: str) -> str:
    """Return the id that `given` is, or is the beginning of. Raises NotInStore for none or several."""
    asked = given.lower()
    if not re.fullmatch(rf"[0-9a-f]{{1,{ID_LENGTH}}}", asked):
        raise NotInStore(f"{given!r} is not an id: ids are {ID_LENGTH} digits of 0-9 and a-f, as `list` prints them")
    found = list(dict.fromkeys(base.starting_with(asked)))
    if not found:
        raise NotInStore(f"no thread, post or claim has the id {given}; `list` prints those of threads")
    if len(found) > 1:
        raise NotInStore(f"{given} is how several ids begin: {', '.join(found)}; give more of it")
    return found[0]


def _found(base: KnowledgeBase, found: str) -> tuple[Thread, list[Post], list[CitedClaim]]:
    """Return what an id stands for: its thread, and of that the posts and the claims to show."""
    if claim := base.cited([found]):
        return base.thread(claim[0].claim.thread_id), [claim[0].post], claim
    try:
        thread = base.thread(found)
        return thread, list(thread.posts), base.claims_of_thread(found)
    except NotInStore:
        post = base.store.post(found)
    of_post = [one for one in base.claims_of_thread(post.thread_id) if one.post.id == post.id]
    return base.thread(post.thread_id), [post], of_post


def _judged(base: KnowledgeBase, question: str, cited: Sequence[CitedClaim]) -> Mapping[str, Judgement]:
    try:
        judged = base.judge_claims(question, cited)
    except JudgeMissing as error:
        _complain(str(error))
        return {}
    return {one.claim.id: said for one, said in zip(cited, judged, strict=True)}


# Printing


@contextmanager
def _output(options: argparse.Namespace) -> Iterator[BinaryIO]:
    """Where an export goes."""
    if options.file == "-":
        yield sys.stdout.buffer
    else:
        with new_file(Path(options.file), force=options.force) as file:
            yield file


@contextmanager
def _bar(count: Callable[[], int] | None = None) -> Iterator[Callable[[Progress], None]]:
    """A progress bar on a terminal, nothing in a pipe; `count` says how many threads there are, for the time left."""
    with tqdm(unit="thread", disable=None, leave=False) as bar:
        expected = None
        if count is not None and not bar.disable:
            bar.set_description("counting")
            expected = count() or None

        def show(progress: Progress) -> None:
            bar.total = progress.total or expected
            bar.set_description(progress.step, refresh=False)
            bar.update(progress.done - bar.n)

        yield show


def _complain(message: str) -> int:
    tqdm.write(f"indexer: {' '.join(message.split())}", file=sys.stderr)  # above a progress bar, where there is one
    return PROBLEM


def _print_json(value: Any) -> None:
    print(json.dumps(value, indent=2, ensure_ascii=False, default=str))


def _said(report: IndexReport) -> str:
    done = ((report.added, "added"), (report.updated, "updated"), (report.unchanged, "unchanged"))
    threads = ", ".join(f"{_count(number, 'thread')} {what}" for number, what in done if number)
    skipped = f"; skipped: {_reasons(report.skipped_by_reason)}" if report.skipped_by_reason else ""
    return f"{threads}: {_count(report.posts, 'post')}, {_count(report.claims, 'claim')}{skipped}"


def _reasons(counts: Mapping[Any, int]) -> str:
    return ", ".join(f"{reason} {number}" for reason, number in Counter(counts).most_common())


def _count(number: int, noun: str) -> str:
    return f"{number} {noun}{'' if number == 1 else 's'}"


def _duration(seconds: float) -> str:
    if seconds < 90:  # noqa: PLR2004
        return _count(max(1, round(seconds)), "second")
    minutes = round(seconds / 60)
    return _count(minutes, "minute") if minutes < 90 else f"{minutes / 60:.1f} hours"  # noqa: PLR2004


def _printable(text: str) -> str:
    """Return `text` without what a terminal would act on: forum text is not to be trusted."""
    return re.sub(r"[\x00-\x08\x0b-\x1f\x7f-\x9f]", "\N{REPLACEMENT CHARACTER}", text.replace("\r\n", "\n"))


def _line(text: str) -> str:
    return _printable(" ".join(text.split()))


def _heading(post: Post) -> str:
    time = f"{post.time:%Y-%m-%d %H:%M}" if post.time else ""
    score = f"score {post.score}" if post.score is not None else ""
    gone = "no longer in the thread" if post.vanished else ""
    return _line("  ".join(part for part in (post.byline, time, score, gone, post.link) if part))


def _marked(post: Post, cited: Sequence[CitedClaim]) -> str:
    """The text of a post with its claims between « and »."""
    text = post.text
    for claim in sorted((one.claim for one in cited if one.post.id == post.id), key=lambda one: -one.start):
        text = f"{text[: claim.start]}«{text[claim.start : claim.end]}»{text[claim.end :]}"
    return _printable(text)


def _stance(judgement: Judgement | None) -> str:
    return f"{judgement.stance:<5} {judgement.confidence:.2f}" if judgement else "-         "


def _as_json(
    thread: Thread, question: str, posts: Sequence[Post], cited: Sequence[CitedClaim], judged: Mapping[str, Judgement]
) -> dict[str, Any]:
    claims = [
        asdict(one.claim)
        | ({"stance": said.stance, "confidence": said.confidence} if (said := judged.get(one.claim.id)) else {})
        for one in cited
    ]
    heading = {"id": thread.id, "title": thread.title, "question": question, "forum": thread.forum, "link": thread.link}
    return {**heading, "invented": thread.invented, "posts": [asdict(post) for post in posts], "claims": claims}


if __name__ == "__main__":
    sys.exit(main())
