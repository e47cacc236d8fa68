"""The report as a table for spreadsheets."""

import csv
import io
from dataclasses import asdict, fields
from typing import Any, Final

from pavedroad_platform.adoption.report import Adoption, Report

_COLUMNS: Final = [field.name for field in fields(Adoption)]

# A spreadsheet would run what begins so; names are a team's to choose.
_FORMULA: Final = ("=", "+", "-", "@", "\t", "\r")


def csv_table(report: Report) -> str:
    """The provisioned products, then the uses of the library, a line each.

    Source: https://owasp.org/www-community/attacks/CSV_Injection
    """
    text = io.StringIO()
    writer = csv.DictWriter(text, _COLUMNS, lineterminator="\r\n")
    writer.writeheader()
    for each in (*report.products, *report.library):
        writer.writerow({name: _cell(value) for name, value in asdict(each).items()})
    return text.getvalue()


def _cell(value: Any) -> Any:
    return f"'{value}" if isinstance(value, str) and value.startswith(_FORMULA) else value
