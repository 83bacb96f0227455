"""S/MIME (RFC 8551) whose signature wraps the words: the words. Nobody's signature is checked: it proves nothing to a count."""

from asn1crypto import cms  # type: ignore[import-untyped]

TYPES = {"application/pkcs7-mime", "application/x-pkcs7-mime"}


def signed_content(data: bytes) -> bytes | None:
    """The MIME entity within SignedData; None when it is encrypted, or no CMS at all."""
    try:
        wrapped = cms.ContentInfo.load(data)
        if wrapped["content_type"].native != "signed_data":
            return None
        content = wrapped["content"]["encap_content_info"]["content"].native
    except (
        ValueError,
        TypeError,
        KeyError,
        AttributeError,
        IndexError,
        RecursionError,
    ):  # whatever a stranger's ASN.1 holds
        return None
    return content if isinstance(content, bytes) else None
