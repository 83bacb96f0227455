"""A result read anew: the same spans and ids, people's decisions and chosen stances kept, differences counted without words."""

from services.classify.corrections.effective import Label
from services.classify.decide import decide
from services.classify.model import build_model
from services.classify.reclassify.job import Job
from services.classify.reclassify.reread import People, Rules, difference, reread
from shared.events import ReviewReason, Stance
from tests.support.small_consultation import small_consultation
from tests.unit.services.classify.samples import AT, received

OLD = small_consultation()
NEW = small_consultation(
    topic_groups=[
        {"code": 2, "title": "Giáo dục", "description": "Giáo dục", "hints": ["giáo viên"]},
        {"code": 3, "title": "Hạ tầng", "description": "Hạ tầng", "hints": ["đường giao thông"]},
    ]
)
RULES = Rules(build_model(NEW), NEW.review, b"key")
NOBODY = People({}, frozenset())
TEXT = "1. Đề nghị đầu tư đường giao thông nông thôn đến bản.\n2. Đề nghị bổ sung giáo viên mầm non cho xã."


def test_the_same_model_changes_nothing() -> None:
    text = received(1, TEXT)
    model = build_model(OLD)
    rules = Rules(model, OLD.review, b"key")
    first = reread(decide(text, model, b"key"), text, rules, NOBODY) or decide(text, model, b"key")
    assert reread(first, text, rules, NOBODY) is None


def test_another_model_changes_topics_and_keeps_spans_and_ids() -> None:
    text = received(1, TEXT)
    before = decide(text, build_model(OLD), b"key")
    after = reread(before, text, RULES, NOBODY)
    assert after is not None
    assert [(o.opinion_id, o.start, o.end, o.text) for o in after.opinions] == [
        (o.opinion_id, o.start, o.end, o.text) for o in before.opinions
    ]
    assert [o.topics for o in after.opinions] == [(3,), (2,)]
    assert after.classifier == RULES.model.version
    found = difference(before, after)
    assert sum(found.topics.values()) == 2
    assert found.examples == tuple(o.opinion_id for o in before.opinions)


def test_what_people_decided_stays() -> None:
    text = received(1, TEXT)
    before = decide(text, build_model(OLD), b"key")
    first = before.opinions[0].model_copy(update={"topics": (1,), "review": ()})
    before = before.model_copy(update={"opinions": (first, *before.opinions[1:])})
    after = reread(before, text, RULES, People({}, {first.opinion_id}))
    assert after is not None
    assert after.opinions[0] == first
    assert after.opinions[1].topics == (2,)


def test_what_two_readers_dispute_waits_for_the_third() -> None:
    text = received(1, TEXT)
    before = decide(text, build_model(OLD), b"key")
    disputed = before.opinions[0].model_copy(update={"review": (ReviewReason.SAMPLE, ReviewReason.CONFLICT)})
    before = before.model_copy(update={"opinions": (disputed, *before.opinions[1:])})
    after = reread(before, text, RULES, NOBODY)
    assert after is not None
    assert after.opinions[0] == disputed


def test_labels_of_the_same_words_hold_and_a_chosen_stance_stays() -> None:
    text = received(1, TEXT, stance=Stance.DISAGREE)
    before = decide(text, build_model(OLD), b"key")
    key = before.opinions[0].text_key
    assert key is not None
    label = Label("r1", "2025-06-12T03:00:00.000000Z", (2,), Stance.AGREE)
    after = reread(before, text, RULES, People({key: label}, frozenset()))
    assert after is not None
    assert after.opinions[0].topics == (2,)
    assert [o.stance for o in after.opinions] == [Stance.DISAGREE] * 2


def test_a_job_adds_up_its_pages_and_keeps_few_examples() -> None:
    text = received(1, TEXT)
    before = decide(text, build_model(OLD), b"key")
    after = reread(before, text, RULES, NOBODY)
    assert after is not None
    one = difference(before, after)
    job = Job(id="j", consultation="thu-nghiem", classifier="m", created_at=AT).with_found([one] * 30)
    assert sum(job.topics.values()) == 60
    assert len(job.examples) == 20
