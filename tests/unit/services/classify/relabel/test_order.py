"""Orders of long work: read strictly, named by what they do."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.classify.relabel.order import Place, Reclassify, Relabel, read
from shared.errors import Permanent
from shared.store.port import After


def test_an_order_comes_back_as_it_was() -> None:
    place = Place.of(After(("thu-nghiem", "k"), "k:o-1"))
    for order in (
        Relabel(consultation="thu-nghiem", key="k", review_id="r", after=place),
        Reclassify(consultation="thu-nghiem", job="j", step="apply", page=3),
    ):
        assert read(order.model_dump_json().encode()) == order
    assert place.after() == After(("thu-nghiem", "k"), "k:o-1")


def test_each_page_of_each_work_has_an_id_of_its_own() -> None:
    first = Relabel(consultation="thu-nghiem", key="k", review_id="r")
    ids = [
        first.id,
        first.model_copy(update={"key": "l"}).id,
        first.model_copy(update={"review_id": "s"}).id,
        first.model_copy(update={"after": Place(values=("thu-nghiem", "k"), id="k:o-1")}).id,
        *(
            Reclassify(consultation="thu-nghiem", job="j", step=s, page=p).id
            for s in ("preview", "apply")
            for p in (0, 1)
        ),
    ]
    assert len(set(ids)) == len(ids)


@given(st.binary(max_size=50))
def test_what_is_no_order_is_refused_for_good(body: bytes) -> None:
    with pytest.raises(Permanent, match="work"):
        read(body)
