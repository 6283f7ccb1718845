"""What an advisor is told about a failure, and what they can do: English, and the key of its translations."""

from server.domain.failures import Act, Advice

UNSURE = Advice("It may have been sent. Check with the customer before you send it again.", Act.RETRY)
WINDOW = Advice(
    "More than 24 hours have passed since the customer last wrote: only an approved template may be sent.", Act.TEMPLATE
)
SILENCE = Advice(
    "More than 24 hours have passed since the customer last wrote: we may answer as soon as they write again.", Act.WAIT
)
DISCONNECTED = Advice(
    "This channel is disconnected from Meta. Your administrator has to connect it again; waiting messages then leave"
    " by themselves.", Act.WAIT,
)  # fmt: skip
PERMISSION = Advice("Meta does not let us send here. Your administrator has to restore the permission.", Act.WAIT)
ACCOUNT = Advice("Meta has restricted this business account. Your administrator has to look into it.", Act.WAIT)
RESTING = Advice(
    "Meta has restricted this page for a while. Waiting messages leave by themselves when it is over.", Act.WAIT
)
SPAM = Advice(
    "Meta holds this number back because many customers blocked or reported it. Tell your administrator.", Act.WAIT
)
PAYMENT = Advice("Meta sends nothing until the account's payment is settled. Tell your administrator.", Act.WAIT)
NUMBER = Advice("This WhatsApp number is not set up completely at Meta. Tell your administrator.", Act.WAIT)
PAGE = Advice("This page is not set up completely at Meta. Tell your administrator.", Act.WAIT)
DIRECT = Advice(
    "The Instagram account does not allow access to its messages. Your administrator has to turn it on in the app.",
    Act.WAIT,
)  # fmt: skip
TESTING = Advice(
    "This number is a test number and may write only to people on its list. Tell your administrator.", Act.WAIT
)
BUSY = Advice("Meta asked us to slow down. Try again in a few minutes.", Act.RETRY)
PASSING = Advice("Meta had a passing problem. Send it again.", Act.RETRY)
CONTENT = Advice("Meta refused this message as it is written. Change it and send it anew.", Act.NONE)
LINK = Advice("Meta refused a link in this message. Leave it out and send it anew.", Act.NONE)
UNREACHABLE = Advice(
    "The customer cannot be reached here: they may have blocked us, left, or use too old an app. Try another channel.",
    Act.NONE,
)  # fmt: skip
OURSELVES = Advice("This is our own number: nobody would read it.", Act.NONE)
EXPERIMENT = Advice("Meta keeps this customer out of marketing for a study of its own. Do not send it again.", Act.NONE)
STOPPED = Advice("The customer does not want marketing messages from us.", Act.NONE)
HELD = Advice("Meta held this marketing message back. Do not repeat it today.", Act.NONE)
TEMPLATE = Advice("This template cannot be used as it is. Choose another.", Act.TEMPLATE)
MARKETING = Advice("This way of sending takes marketing templates only. Tell your administrator.", Act.NONE)
IDENTITY = Advice("The customer's WhatsApp changed hands or device. Confirm who they are before you write.", Act.NONE)
PHONE = Advice("This needs the customer's phone number, which we do not have.", Act.NONE)
ELSEWHERE = Advice("Another app holds this chat and was asked to hand it over. Try again in a moment.", Act.RETRY)
COMMENT = Advice("This comment cannot be answered in private any more.", Act.NONE)
GONE_MESSAGE = Advice("The message this is about is too old or was deleted.", Act.NONE)
MEDIA = Advice("The file could not be delivered. Check its type and size.", Act.NONE)
REFUSED = Advice("Meta refused this message.", Act.RETRY)
NO_BOTS = Advice("Automatic messages are not allowed in this sector.", Act.NONE)
DECISION = Advice("Somebody decided about this message.", Act.NONE)
