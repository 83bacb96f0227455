"""XML of strangers: no network, no external files, no entity is ever expanded (libxml2 through lxml)."""

from collections.abc import Iterator

from lxml import etree

from services.ingest.reading import found
from services.ingest.reading.found import Unread

Element = etree._Element  # noqa: SLF001 - lxml has no public name for it


def parse(data: bytes) -> Element:
    """The root. Raises Unread: `bomb` for a document that declares entities, `malformed` for what is no XML."""
    parser = etree.XMLParser(
        resolve_entities=False, no_network=True, load_dtd=False, dtd_validation=False, huge_tree=False
    )
    try:
        root = etree.fromstring(data, parser)
    except etree.XMLSyntaxError as error:
        declares = b"<!ENTITY" in data or "<!ENTITY".encode("utf-16-le") in data
        raise Unread(found.BOMB if declares else found.MALFORMED, "XMLSyntaxError") from error
    dtd = root.getroottree().docinfo.internalDTD
    if dtd is not None and next(iter(dtd.entities()), None) is not None:  # type: ignore[union-attr]  # the stubs lack it
        raise Unread(found.BOMB, "entities")
    return root


def local(element: Element) -> str:
    """The name without its namespace (office files come in two dialects that differ only there); "" for comments."""
    tag = element.tag
    return tag.rpartition("}")[2] if isinstance(tag, str) else ""


def attribute(element: Element, name: str) -> str | None:
    """An attribute by its local name."""
    for key, value in element.attrib.items():
        if str(key).rpartition("}")[2] == name:
            return str(value)
    return None


def child(element: Element | None, name: str) -> Element | None:
    """The first child of that name."""
    if element is not None:
        for one in element:
            if local(one) == name:
                return one
    return None


def every(element: Element, name: str) -> Iterator[Element]:
    """All descendants of that name, in order."""
    return (one for one in element.iter() if local(one) == name)
