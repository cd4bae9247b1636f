"""The phrases that `clues` looks for, one a line, as regular expressions over folded text. Pure.

They are written with their letters and read folded, as whole words.
"""

from __future__ import annotations

import re
from typing import Final

from visits.folding import letter_for_letter


def _any(phrases: str) -> re.Pattern[str]:
    return re.compile(rf"\b(?:{'|'.join(letter_for_letter(phrase) for phrase in phrases.split(chr(10)) if phrase)})\b")


MINORS: Final = _any(r"""
school class(?:es)?
pupils
school ?children (?:will|are|come|from our)
teenagers (?:will|are|from|who)
our (?:teenagers|schoolchildren|pupils|youth council)
high[- ]school students
under (?:the age of )?18
aged (?:[5-9]|1[0-7])(?: (?:to|and|or) \d\d)?
(?:[5-9]|1[0-7])(?:[-–]\d\d)?[- ]years?[- ]olds?
minors? (?:will|are|in|from)
(?:bring|with) (?:our|their|my|two|three|some) (?:children|kids|teenagers)
young people under
skolklass(?:en)?
elever(?:na)?
gymnasieelever
högstadieelever
prao(?:elever?)?
minderåriga?
(?:[5-9]|1[0-7])(?:[-–]\d\d)?[- ]åringar
under 18 år
(?:våra|med|egna) barn (?:följa|följer|komma|kommer|med)
ungdomsråd(?:et)?
""")

PRESS: Final = _any(r"""
journalists?
reporters?
film crew
camera (?:crew|team)
documentary
tv[- ](?:team|crew|channel)
for (?:a|our|the) (?:newspaper|magazine|podcast|broadcast)
interviews? for (?:a|an|our|the)
press visit
editorial (?:team|staff)
news ?room
reportage
dokumentär(?:en|film)?
tv[- ]teamet?
filmteam
(?:till|för) (?:vår|en|tidningen) (?:tidning|podd|artikel)
redaktion(?:en)?
pressbesök
intervjuer? för
""")

PRESS_NAME: Final = _any(r"""
news
daily
herald
newspaper
broadcasting
television
tidning(?:en)?
dagblad(?:et)?
radio
media house
magasin(?:et)?
""")

SALES: Final = _any(r"""
our (?:innovative |leading |digital |new |ai )?(?:product|products|software|app|platform|solution|solutions|device)
offer you (?:our|a)
sales (?:meeting|team|pitch|manager)
business (?:opportunity|opportunities|partner)
free (?:demo|trial)
demonstrate our
present our (?:company|product|platform|solution)
our customers
pilot customers?
vendor
distributors?
start-?up
(?:vår|våra) (?:nya |digitala |innovativa )?(?:produkt|produkter|tjänst|app|plattform|lösning|lösningar|programvara)
erbjuda er
säljmöte
våra kunder
affärsmöjlighet(?:er)?
demonstrera vår
återförsäljare
presentera vårt företag
leverantör
""")

SALES_ROLE: Final = _any(r"""
sales
account (?:manager|executive)
business development
säljare
försäljningschef
""")

FELLOWSHIP: Final = _any(r"""
fellowships?
(?:become|be) (?:a )?fellows?
(?:a )?longer (?:relation|relationship|collaboration|exchange)
stay for (?:several|some|three|six|ten) months
(?:a|one) year with you
längre (?:samarbete|relation|utbyte)
stanna (?:i )?(?:flera|några|tre|sex) månader
mentorskap
""")

LEADERSHIP: Final = _any(r"""
(?:attend|join|enrol (?:in|on)|take part in|register for) (?:\w+ ){0,3}(?:programme|program|course|training)
(?:apply (?:to|for)|places? (?:in|on)|sign up for) (?:\w+ ){0,3}(?:programme|program|course|training)
train our (?:managers|leaders|staff)
leadership training for our
certif(?:y|ied|icate) (?:our|as)
(?:gå|delta i|plats (?:i|på)) (?:\w+ ){0,3}\w*(?:program|programmet|utbildning|utbildningen|kurs)
anmäla (?:oss|mig|våra chefer) till (?:\w+ ){0,3}\w*(?:program|programmet|utbildning|utbildningen|kurs)
utbilda våra (?:chefer|ledare)
ledarutbildning för våra
""")

SPAM: Final = _any(r"""
seo
backlinks?
casino
crypto(?:currency)?
bitcoin
forex
loans?
guest posts?
viagra
rank (?:higher|first)
cheap (?:price|prices|rates)
click here
unsubscribe
web ?design services
lån utan
klicka här
billiga? (?:lån|pris(?:er)?)
""")

NOTHING: Final = _any(r"""
nothing(?: (?:yet|special|really|in particular))?
none
n/?a
tbd
not (?:sure|yet|applicable|known)
no(?: idea)?
unknown
to be decided
we do not know(?: yet)?
we don.t know(?: yet)?
later
inget(?: särskilt| än)?
ingenting(?: än)?
vet (?:ej|inte)(?: än)?
vi vet inte(?: än)?
nej
ej bestämt
kommer senare
test
""")

TO_LEARN: Final = _any(r"""
(?:want|wish|would like|hope|eager|happy|come)(?: mainly| only)? to (?:learn|listen|see|be inspired|get inspired)
learn from you
our curiosity
we (?:just|only) want to
an open mind
open minds
questions only
vi (?:vill|hoppas|önskar|kommer för att) (?:bara |mest |gärna )?(?:lära|lyssna|få inspiration|bli inspirerade)
lära oss av er
vår nyfikenhet
ett öppet sinne
bara lyssna
""")
