"""Asks for the values of a form on a terminal."""

import click

from pavedroad_platform.launching.form import Field, Form
from pavedroad_platform.launching.values import value_problems


def ask(form: Form, values: dict[str, str], tags: dict[str, str]) -> None:
    """Ask for each parameter and tag that has no value, and write the answers into ``values`` and ``tags``.

    What the account fills in is not asked, and an answer that is the default is left to the form.
    """
    for group, names in form.groups.items():
        asked = [name for name in names if name not in values and not form.fields[name].is_filled_in]
        if asked:
            click.secho(f"\n{group}", bold=True, err=True)
        for name in asked:
            answer = _ask(form.fields[name])
            if answer != form.fields[name].default:
                values[name] = answer
    for key, choices in form.tags.items():
        if key not in tags and len(choices) > 1:
            tags[key] = click.prompt(f"Tag {key}", type=click.Choice(list(choices)), err=True)


def _ask(field: Field) -> str:
    def checked(value: str) -> str:
        problems = value_problems(field, value)
        if problems:
            raise click.UsageError("\n".join(f"{problem.cause}. {problem.fix}" for problem in problems))
        return value

    click.secho(f"  {field.help}", dim=True, err=True)
    choices = f" [{', '.join(field.allowed_values)}]" if field.allowed_values else ""
    answer: str = click.prompt(
        f"  {field.label}{choices}",
        default=field.default,
        value_proc=checked,
        hide_input=field.is_secret,
        err=True,
    )
    return answer
