"""A morning at the client desk and in the café: what there is to see in the pictures."""

from journey.product import Product
from playwright.async_api import Page, expect

FINANCE = "financial-whatsapp"
PHONE_OF_JAMES = f"/phone/james-whitfield/{FINANCE}"


async def play(product: Product, omar: Page) -> None:
    """Omar holds three conversations, one of them open mid-flight; others wait, are offered, or talk to the bots."""
    await _bots_talk(product)
    await _begins(product, omar, "hannah-becker", FINANCE, "Hello, what is the minimum for the growth plan?")
    await _answers(omar, "Good morning Hannah. The growth plan begins at 5,000, or 200 a month.")
    await _begins(product, omar, "noura-al-otaibi", FINANCE, "صباح الخير، متى تُصرف أرباح صندوق الدخل؟")
    await _answers(omar, "صباح النور أستاذة نورة. تُصرف أرباح صندوق الدخل في الخامس من كل شهر.")
    await product.says("noura-al-otaibi", FINANCE, "ممتاز. وهل يمكن إعادة استثمارها تلقائيًا؟")
    await _begins(
        product, omar, "james-whitfield", FINANCE,
        "Good morning. I have two accounts with another bank and would like to move both portfolios to you.",
    )  # fmt: skip
    await _answers(omar, "Good morning James, Omar here. With pleasure. Are they held in your name alone?")
    await product.control("/control/customers/james-whitfield/look", {"inbox": FINANCE, "open": True})
    await product.says("james-whitfield", FINANCE, "One is joint with my wife Eleanor, the other is mine.")
    await omar.locator(".message", has_text="joint with my wife").wait_for()
    await _notes(omar, "About 400,000 in total. Joint account: both signatures on the transfer form.")
    await _answers(omar, "Then I prepare two forms. The joint one needs you both; you can sign on your phones.")
    await product.says("james-whitfield", FINANCE, "Perfect. How long does it take, and is there a fee on your side?")
    await omar.locator(".message", has_text="is there a fee").wait_for()
    await omar.locator(".composer-field").fill(
        "About five working days. There is no fee on our side; your present bank"
    )
    await product.says("mariana-costa", FINANCE, "I did not authorise the payment of 1,200 this morning. Please help!")


async def _bots_talk(product: Product) -> None:
    await product.says("sara-khalil", "hospitality-instagram", "Hello there", answers=2)
    await product.control(
        "/control/customers/sara-khalil/press", {"inbox": "hospitality-instagram", "option": "Opening hours"}
    )
    await product.says("omar-haddad", "education-messenger", "السلام عليكم", answers=2)
    await product.control(
        "/control/customers/omar-haddad/press", {"inbox": "education-messenger", "option": "الأسعار والاشتراكات"}
    )


async def _begins(product: Product, omar: Page, customer: str, inbox: str, text: str) -> None:
    await product.says(customer, inbox, text, answers=1)
    await omar.locator(".offer", has_text=text[:20]).wait_for()
    await omar.keyboard.press("Alt+a")
    await omar.locator(".message", has_text=text[:20]).wait_for()


async def _answers(omar: Page, text: str) -> None:
    await omar.locator(".composer-field").fill(text)
    await omar.keyboard.press("Enter")
    sent = omar.locator(".message", has_text=text[:20])
    await expect(sent.locator('.ticks[data-status="delivered"], .ticks[data-status="read"]')).to_be_visible()


async def _notes(omar: Page, text: str) -> None:
    await omar.keyboard.press("Escape")
    await omar.keyboard.press("n")
    await omar.locator(".composer-field").fill(text)
    await omar.keyboard.press("Enter")
    await omar.locator(".note", has_text=text[:20]).wait_for()
    await omar.keyboard.press("Escape")
    await omar.keyboard.press("r")
