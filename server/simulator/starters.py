"""Ways into a conversation: an advertisement, or a link with a reference."""

import tomllib

import msgspec

from server.simulator.assets import ASSETS
from server.simulator.speaking import Speaking
from server.simulator.threads import Thread


class AdText(msgspec.Struct, frozen=True):
    headline: str
    body: str


class Ad(msgspec.Struct, frozen=True):
    id: str
    ref: str
    en: AdText
    ar: AdText


class Starters:
    def __init__(self, speaking: Speaking, ad_ids: dict[str, str]) -> None:
        text = (ASSETS / "ads.toml").read_text(encoding="utf-8")
        self._ads = msgspec.convert(tomllib.loads(text), dict[str, Ad])
        self._ad_ids = ad_ids
        self._speaking = speaking

    def start(self, thread: Thread, entrance: str, *, ref: str = "", ad_id: str = "", click_id: bool = True) -> None:
        """`entrance` is 'ad' or 'link'; what is not said comes from the sector's own advertisement."""
        sector = thread.inbox.sector
        ad = self._ads.get(sector, self._ads["other"])
        if entrance == "link":
            self._speaking.arrive_by_link(thread, ref or ad.ref)
            return
        words = ad.ar if thread.customer.language == "ar" else ad.en
        number = ad_id or self._ad_ids.get(sector, ad.id)
        self._speaking.arrive_by_ad(thread, ad_id=number, headline=words.headline, body=words.body, click_id=click_id)
