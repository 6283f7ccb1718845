"""Each payload in tests/payloads, as Meta sends it, and what we understand of it."""

import json
from pathlib import Path

import pytest

from server.channels import envelope
from server.domain.inbound import EchoItem, Inbound, MessageItem, Rejected, StatusItem, WatermarkItem

PAYLOADS = Path(__file__).parent.parent / "payloads"


def brief(item: Inbound | Rejected) -> str:
    """kind, once-key and what was said, on one line."""
    if isinstance(item, Rejected):
        return f"rejected {item.reason}: {item.detail}"
    if isinstance(item, MessageItem):
        said = f"{item.text!r}" + (f" ({item.payload})" if item.payload else "")
        about = (f" about {item.reply_to}" if item.reply_to else "") + (
            f" from {item.referral.source} {item.referral.source_id}" if item.referral else ""
        )
        who = "+".join(each.value for each in item.sender.addresses)
        return f"{item.kind} [{item.key}] {who}: {said}{about}{' standby' if item.standby else ''}"
    if isinstance(item, EchoItem):
        return f"echo of {item.kind} [{item.key}] to {item.recipient.addresses[0].value}: {item.text!r}"
    if isinstance(item, StatusItem):
        return f"{item.status} [{item.key}]" + (f" {item.failure.code}" if item.failure else "")
    assert isinstance(item, WatermarkItem)
    return f"{item.status} until {item.watermark:%H:%M:%S.%f} [{item.key}]"


SARA = "US.1000000000000001+15550001111"
EXPECTED = {
    "dashboard_sample": [
        "text [message:ABGGFlA5Fpa] 16315551181: 'this is a text message'",
    ],
    "instagram_comment_on_the_entry": [
        "comment [comment:1801] 8001: 'How much?'",
    ],
    "instagram_echo": [
        "echo of text [echo:ig_Z] to 8001: 'Hi'",
    ],
    "instagram_ice_breaker": [
        "postback [message:ig_G] 8001: 'Opening hours?' (hours)",
    ],
    "instagram_in_an_array": [
        "text [message:ig_D] 8001: 'Wrapped'",
    ],
    "instagram_message_in_changes": [
        "text [message:ig_I] 8001: 'By change'",
    ],
    "instagram_product_referral": [
        "text [message:ig_H] 8001: 'Still there?' from product p9",
    ],
    "instagram_read_by_mid": [
        "read [status:ig_B:read:8001]",
    ],
    "instagram_shared_post": [
        "ig_post [message:ig_C] 8001: ''",
    ],
    "instagram_story_reply": [
        "text [message:ig_A] 8001: 'Price?'",
    ],
    "instagram_unreact": [
        "reaction [reaction:8001:1790000000500:353f72749c8289984dc6c4bc36f37d49] 8001: '' about ig_B",
    ],
    "instagram_unsent_and_unsupported": [
        "deleted [deleted:ig_A] 8001: '' about ig_A",
        "unsupported [message:ig_F] 8001: ''",
    ],
    "instagram_view_once": [
        "ephemeral [message:ig_E] 8001: ''",
    ],
    "messenger_changes_feed": [
        "rejected unknown_field: feed",
    ],
    "messenger_fallback_with_null_payload": [
        "text [message:m_F] 7001: 'https://example.test'",
    ],
    "messenger_handover_and_optin": [
        "pass_thread_control [pass_thread_control:7001:1790000000100:70a9aad1fa6d90b79d9d56ec169cf229] 7001: ''",
        "optin [optin:7001:1790000000100:1b6345d94fd25e7f887dbd9b781deac3] 7001: ''",
    ],
    "messenger_own_echo": [
        "echo of text [echo:m_B] to 7001: 'Hi'",
    ],
    "messenger_page_inbox_echo": [
        "echo of text [echo:m_P] to 7001: 'Hi from the page'",
    ],
    "messenger_policy_enforcement": [
        "rejected unknown_kind: policy_enforcement",
    ],
    "messenger_postback_with_ad": [
        "postback [message:m_C] 7001: 'Start' (START) from ad 120200000000002",
    ],
    "messenger_quick_reply": [
        "quick_reply [message:m_AAA] 7001: 'Menu please' (MENU)",
    ],
    "messenger_reaction_edit_delete": [
        "reaction [reaction:7001:1790000000100:5c45476823d9a6a603078838ba3da149] 7001: '❤' about m_B",
        "edit [edit:m_AAA:1] 7001: 'Menu, please' about m_AAA",
        "deleted [deleted:m_AAA] 7001: '' about m_AAA",
    ],
    "messenger_read_and_delivery": [
        "read until 14:13:20.250000 [read:7001:1790000000250]",
        "delivered until 14:13:20.240000 [delivered:7001:1790000000240]",
    ],
    "messenger_referral_alone": [
        "referral [referral:7001:1790000000100:8d9047b26e165b36f7468d3b138addf2] 7001: '' from shortlink window",
    ],
    "messenger_referral_in_message": [
        "text [message:m_R] 7001: 'Hi' from ad 120200000000002",
    ],
    "messenger_seconds_for_milliseconds": [
        "referral [referral:7001:1790000000:6020acef5ed653a91f1212561add08e2] 7001: '' from ad None",
    ],
    "messenger_standby": [
        "text [message:m_SB] 7001: 'To another app' standby",
    ],
    "messenger_sticker": [
        "sticker [message:m_S] 7001: ''",
    ],
    "messenger_text": [
        "text [message:m_T] 7001: 'Are you open?' about m_B",
    ],
    "messenger_user_ref": [
        "rejected malformed: sender is nobody we could answer",
    ],
    "unknown_object": [
        "rejected unknown_object: user",
    ],
    "whatsapp_account_error": [
        "rejected unknown_kind: error 131000",
    ],
    "whatsapp_arabic_and_emoji": [
        "text [message:wamid.AR] Sara: 'أريد حجز طاولة 🌙'",
    ],
    "whatsapp_bad_items_among_good": [
        "text [message:wamid.1] Sara: 'One'",
        "rejected malformed: not an object",
        "rejected malformed: id is missing",
        "text [message:wamid.4] Sara: ''",
        "rejected malformed: id is missing",
        "text [message:wamid.6] Sara: 'Six'",
    ],
    "whatsapp_business_phone_echo": [
        "echo of text [echo:wamid.SE] to 15550001111: 'From my phone'",
    ],
    "whatsapp_button_reply": [
        "button_reply [message:wamid.BR] Sara: 'Opening hours' (hours)",
    ],
    "whatsapp_contacts": [
        "contacts [message:wamid.C] Sara: ''",
    ],
    "whatsapp_delivered_billable": [
        "delivered [status:wamid.B1:delivered:US.1000000000000001]",
    ],
    "whatsapp_edit": [
        "edit [message:wamid.ED] Sara: 'Table for 5?' about wamid.AAA1",
    ],
    "whatsapp_empty_wa_id": [
        "text [message:wamid.E] US.1000000000000002: 'Hello'",
    ],
    "whatsapp_failed_status": [
        "failed [status:wamid.B2:failed:15550001111] 131047",
    ],
    "whatsapp_flow_reply": [
        "nfm_reply [message:wamid.N] Sara: 'Sent'",
    ],
    "whatsapp_forwarded_product_question": [
        "text [message:wamid.F] Sara: 'Is it fresh?'",
    ],
    "whatsapp_group_message": [
        "rejected unknown_kind: group message",
    ],
    "whatsapp_interactive_without_its_object": [
        "interactive [message:wamid.I0] Sara: ''",
    ],
    "whatsapp_list_reply": [
        "list_reply [message:wamid.L] Sara: '19:00' (slot_19) about wamid.B1",
    ],
    "whatsapp_location": [
        "location [message:wamid.LO] Sara: ''",
    ],
    "whatsapp_order": [
        "order [message:wamid.O] Sara: 'Two please'",
    ],
    "whatsapp_reaction_removed": [
        "reaction [message:wamid.R] US.1000000000000002: '' about wamid.B1",
    ],
    "whatsapp_referral_without_click_id": [
        "image [message:wamid.AAA2] Sara: 'This one' from ad 120200000000001",
    ],
    "whatsapp_revoke": [
        "revoke [message:wamid.RV] Sara: '' about wamid.AAA1",
    ],
    "whatsapp_standby": [
        "text [message:wamid.SB] Sara: 'To the agent' standby",
    ],
    "whatsapp_template_button": [
        "button [message:wamid.TB] Sara: 'Confirm' (CONFIRM)",
    ],
    "whatsapp_text_with_referral": [
        "text [message:wamid.AAA1] Sara: 'Table for 4?' from ad 120200000000001",
    ],
    "whatsapp_two_entries_two_changes": [
        "text [message:wamid.1] Sara: 'One'",
        "text [message:wamid.2] Sara: 'Two'",
        "sent [status:wamid.B1:sent:15550001111]",
        "read [status:wamid.B1:read:15550001111]",
        "text [message:wamid.3] Sara: 'Three'",
        "delivered [status:wamid.B1:delivered:15550001111]",
    ],
    "whatsapp_unknown_field": [
        "rejected unknown_field: message_template_status_update",
    ],
    "whatsapp_unknown_status": [
        "rejected unknown_kind: status warmed",
    ],
    "whatsapp_unknown_type": [
        "rejected unknown_kind: hologram",
    ],
    "whatsapp_unsupported": [
        "unsupported [message:wamid.U] Sara: ''",
    ],
    "whatsapp_user_id_changed": [
        "system [message:wamid.S] US.1000000000000003+US.1000000000000002: 'id changed'",
    ],
    "whatsapp_voice_without_phone": [
        "audio [message:wamid.V] US.1000000000000002: ''",
    ],
}


@pytest.mark.parametrize("name", sorted(each.stem for each in PAYLOADS.glob("*.json")))
def test_payload_is_understood(name: str) -> None:
    items = envelope.read((PAYLOADS / f"{name}.json").read_bytes())
    assert [brief(item).replace(SARA, "Sara") for item in items] == EXPECTED[name]


@pytest.mark.parametrize("name", sorted(EXPECTED))
def test_each_item_alone_reads_as_itself(name: str) -> None:
    """What the quarantine keeps of an item can be replayed."""
    for item in envelope.read((PAYLOADS / f"{name}.json").read_bytes()):
        [again] = envelope.read(item.raw)
        assert brief(again) == brief(item)
        assert (again.channel, again.account_id) == (item.channel, item.account_id)


@pytest.mark.parametrize("name", sorted(EXPECTED))
def test_meta_s_own_spelling_reads_the_same(name: str) -> None:
    """Meta escapes every letter that is not ASCII and writes no spaces."""
    body = (PAYLOADS / f"{name}.json").read_bytes()
    escaped = json.dumps(json.loads(body), separators=(",", ":")).encode()
    assert [brief(each) for each in envelope.read(escaped)] == [brief(each) for each in envelope.read(body)]
