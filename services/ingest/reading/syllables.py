"""Is a word a Vietnamese syllable? By its spelling alone; it tells a right decoding from a wrong one, nothing else is decided by it."""

import re
import unicodedata
from functools import lru_cache

_RIMES = (
    "a ac ach ai am an ang anh ao ap at au ay ăc ăm ăn ăng ăp ăt âc âm ân âng âp ât âu ây e ec em en eng eo ep et "
    "ê êch êm ên êng ênh êp êt êu i ia ich im in inh ip it iu iêc iêm iên iêng iêp iêt iêu o oa oac oach oai oam oan oang oanh oao "
    "oap oat oay oăc oăm oăn oăng oăt oc oe oen oeo oet oi om on ong ooc oong op ot ô ôc ôi ôm ôn ông ôp ôt ơ ơi ơm ơn ơp ơt "
    "u ua uc ui um un ung up ut uân uâng uât uây uê uêch uênh uôc uôi uôm uôn uông uôt uơ uy uya uych uynh uyt uyu uyên uyêt "
    "ư ưa ưc ưi ưm ưn ưng ưt ưu ươc ươi ươm ươn ương ươp ươt ươu y yêm yên yêng yêt yêu"
)
_ONSETS = (
    r"(?:b|c(?![eêiy])|ch|d|đ|g(?![eêy])|gh(?=[eêi])|gi(?=[aăâeêoôơuư])|h|k(?=[eêiy])|kh|l|m|n|ng(?![eêiy])|ngh(?=[eêi])|nh|p|ph|q(?=u)|"
    r"qu(?=[aăâeêiôơoy])|r|s|t|th|tr|v|x)?"
)
_SYLLABLE = re.compile(_ONSETS + "(?:" + "|".join(sorted(_RIMES.split(), key=len, reverse=True)) + ")")
_TONES = re.compile("[\u0300\u0301\u0303\u0309\u0323]")


@lru_cache(maxsize=20_000)
def is_syllable(word: str) -> bool:
    """Spelled like one: a possible beginning, a possible end, at most one tone."""
    apart = unicodedata.normalize("NFD", word.lower())
    toneless, tones = _TONES.subn("", apart)
    return tones <= 1 and _SYLLABLE.fullmatch(unicodedata.normalize("NFC", toneless)) is not None
