"""The command that keeps the file of accounts: `python -m page add-user FILE NAME --role editor`."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Callable, Sequence
from getpass import getpass
from pathlib import Path

from page.accounts import AccountsError, Role, account_of, read_accounts, write_accounts


def main(argv: Sequence[str] | None = None, ask: Callable[[str], str] = getpass) -> int:
    """Do what the command line says; return the exit code. `ask` asks for a password without showing it."""
    parser = argparse.ArgumentParser(
        prog="python -m page", description="Keep the accounts of a shared page, which `app.py --auth-file FILE` reads."
    )
    commands = parser.add_subparsers(dest="command", required=True)
    add = commands.add_parser("add-user", help="give somebody an account, or a new password and role")
    remove = commands.add_parser("remove-user", help="take an account away; a served page lets them in no more")
    names = commands.add_parser("users", help="say who has an account")
    for command in (add, remove, names):
        command.add_argument("file", type=Path, help="the file of accounts")
    for command in (add, remove):
        command.add_argument("name", help="what they enter as their name")
    add.add_argument(
        "--role",
        type=Role,
        choices=list(Role),
        default=Role.READER,
        help="reader: asks and browses (the default); editor: also adds, corrects and removes",
    )
    options = parser.parse_args(argv)
    try:
        return {"add-user": _add, "remove-user": _remove, "users": _users}[options.command](options, ask)
    except AccountsError as error:
        print(error, file=sys.stderr)
        return 1


def _add(options: argparse.Namespace, ask: Callable[[str], str]) -> int:
    accounts = read_accounts(options.file) if options.file.exists() else {}
    known = options.name in accounts
    password = ask(f"Password of {options.name}: ")
    if password != ask("The same again: "):
        print("the two passwords differ; nothing was changed", file=sys.stderr)
        return 1
    accounts[options.name] = account_of(options.name, options.role, password)
    write_accounts(options.file, accounts)
    print(f"{options.name} is {'now ' if known else ''}{options.role} in {options.file}")
    return 0


def _remove(options: argparse.Namespace, _ask: Callable[[str], str]) -> int:
    accounts = read_accounts(options.file)
    if options.name not in accounts:
        raise AccountsError(f"{options.file} has no account of {options.name}; it has {', '.join(accounts) or 'none'}")
    del accounts[options.name]
    write_accounts(options.file, accounts)
    print(f"removed {options.name} from {options.file}")
    return 0


def _users(options: argparse.Namespace, _ask: Callable[[str], str]) -> int:
    for account in read_accounts(options.file).values():
        print(f"{account.role}  {account.name}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
