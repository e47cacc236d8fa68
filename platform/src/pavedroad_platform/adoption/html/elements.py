"""Elements of a page, made of a tree: what is a text can never become markup."""

from xml.etree import ElementTree as Xml


def add(parent: Xml.Element, tag: str, text: str | None = None, /, **attributes: str | float) -> Xml.Element:
    """Add an element.

    Args:
        parent: Where to.
        tag: Its tag.
        text: What it says.
        attributes: Its attributes; ``class_`` is ``class``, and ``_`` stands for ``-``.
    """
    named = {name.rstrip("_").replace("_", "-"): _written(value) for name, value in attributes.items()}
    made = Xml.SubElement(parent, tag, named)
    made.text = text
    return made


def drawing(parent: Xml.Element, *, title: str, description: str, width: float, height: float) -> Xml.Element:
    """Add a drawing that a screen reader reads as one picture with a title and a description."""
    made = add(parent, "svg", viewBox=f"0 0 {_written(width)} {_written(height)}", role="img", xmlns=_SVG)
    made.set("aria-label", f"{title}. {description}")
    return made


_SVG = "http://www.w3.org/2000/svg"


def _written(value: str | float) -> str:
    return value if isinstance(value, str) else f"{value:g}"
