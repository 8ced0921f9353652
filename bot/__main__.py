"""Ask the knowledge base from a terminal: `python -m bot "should I lift for a sub-20 5k?"`.

Exit codes, as grep has them: 0 an answer, 1 nobody here talked about it, 2 wrong usage or an error.
"""

from __future__ import annotations

import argparse
import os
import sys
from collections.abc import Sequence

from bot.answer import Answer, Status
from bot.chat import Bot, Stage
from bot.exporting import ExportForm, exported
from bot.model import ChatModel
from bot.render import answer_text
from bot.wording import VIEWS_AT_ONCE
from corpus.errors import CounterpointError
from corpus.paths import data_folder
from indexer.embeddings import Encoder
from indexer.errors import NotAKnowledgeBase
from indexer.judge import Judge
from indexer.knowledge import KnowledgeBase

FOUND, NOTHING_FOUND, FAILED = 0, 1, 2
INTERRUPTED = 130
"""What shells expect of a program that Ctrl-C ended: 128 and the number of the signal."""

_CLEAR_LINE = "\r\x1b[K"


def main(arguments: Sequence[str] | None = None, *, encoder: Encoder | None = None, judge: Judge | None = None) -> int:
    """Answer the question in `arguments` on standard output and return the exit code; errors are one line on stderr.

    `encoder` and `judge` are the shipped ones unless others are given.
    """
    options = _parser().parse_args(arguments)
    try:
        with KnowledgeBase.open(data_folder(options.data), encoder=encoder, judge=judge, create=False) as base:
            bot = Bot(base, None if options.no_prose else ChatModel.configured())
            answer = _asked(bot, " ".join(options.question))
        print(_rendered(answer, options), end="", flush=True)
    except BrokenPipeError:  # the reader of a pipe has seen enough, as in "| head"
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
    except NotAKnowledgeBase as error:
        return _failed(f"{error}; to begin with the sample threads: python -m indexer samples")
    except (CounterpointError, OSError) as error:
        return _failed(str(error))
    except KeyboardInterrupt:
        _failed("interrupted")
        return INTERRUPTED
    return NOTHING_FOUND if answer.status is Status.NOTHING_HERE else FOUND


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="python -m bot",
        description="Answer a question with the views that people in forum threads hold, for and against.",
        epilog="Exit codes: 0 an answer, 1 nobody here talked about it, 2 wrong usage or an error.",
    )
    parser.add_argument("question", nargs="+", help='the question, such as "should I lift for a sub-20 5k?"')
    parser.add_argument("--data", metavar="FOLDER", help="the knowledge base (default: $COUNTERPOINT_DATA)")
    parser.add_argument("--all", action="store_true", help="show every view, not only the strongest of each side")
    parser.add_argument(
        "--no-prose", action="store_true", help="ask no chat model, also where $COUNTERPOINT_CHAT_MODEL names one"
    )
    parser.add_argument(
        "--anyway", action="store_true", help="show what people said where a note on self-harm stands alone"
    )
    form = parser.add_mutually_exclusive_group()
    form.add_argument("--json", action="store_true", help="print the answer as JSON: --format json")
    form.add_argument("--markdown", action="store_true", help="print the answer as Markdown: --format markdown")
    form.add_argument(
        "--format",
        choices=list(ExportForm),
        help="print the answer as Markdown, as a whole HTML page, as JSON, or its claims with their citations",
    )
    return parser


def _asked(bot: Bot, question: str) -> Answer:
    """The answer; while it is being worked out, what is done stands on the terminal, if there is one."""
    shown = sys.stderr.isatty()
    for step in bot.stages(question):
        if shown:
            words = step.text if isinstance(step, Stage) else ""
            print(f"{_CLEAR_LINE}{words}", end="", file=sys.stderr, flush=True)
    assert isinstance(step, Answer), "stages end with an answer"
    return step


def _rendered(answer: Answer, options: argparse.Namespace) -> str:
    form = "json" if options.json else "markdown" if options.markdown else options.format
    if form:
        return exported(answer, ExportForm(form)).text
    colour = sys.stdout.isatty() and "NO_COLOR" not in os.environ
    return answer_text(answer, colour=colour, most=None if options.all else VIEWS_AT_ONCE, anyway=options.anyway)


def _failed(message: str) -> int:
    print(f"error: {message}", file=sys.stderr)
    return FAILED


if __name__ == "__main__":
    sys.exit(main())
