"""Short forms and common words of texts, as data: what first triage reads them by. Pure."""

from __future__ import annotations

from collections.abc import Mapping

STREETS = frozenset(
    """road rd street st lane ln close cl drive dr avenue ave crescent cres way hill green terrace
    gardens place court cottages row walk mews square""".split()  # noqa: SIM905 - else a page
)

# As people shorten it on a telephone, and as we write it. What stands for no word is left out.
SHORT: Mapping[str, str] = {
    "u": "you", "ur": "your", "r": "are", "y": "why", "n": "and", "ppl": "people", "pls": "please",
    "plz": "please", "tmrw": "tomorrow", "tomoz": "tomorrow", "tmoro": "tomorrow",
    "2moro": "tomorrow", "2nite": "tonight", "nite": "night", "nites": "nights", "wk": "week",
    "wks": "weeks", "wkly": "weekly", "hrs": "hours", "yr": "year", "yrs": "years", "nr": "near",
    "thru": "through", "cos": "because", "coz": "because", "bc": "because", "gonna": "going",
    "wanna": "want", "dunno": "know", "appt": "appointment", "apt": "appointment", "docs":
    "documents", "info": "information", "num": "number", "tel": "telephone", "ph": "phone",
    "ctax": "council tax", "ctx": "council tax", "counciltax": "council tax", "hb":
    "housing benefit", "uc": "universal credit", "ctr": "council tax reduction", "cts":
    "council tax support", "spd": "single person discount", "bday": "birthday", "cert":
    "certificate", "certs": "certificates", "reg": "registration",
    "asb": "antisocial behaviour", "antisocial": "antisocial", "veg": "vegetable", "med":
    "medical", "meds": "medicine", "benifit": "benefit", "benifits": "benefits", "mum": "mother",
    "mom": "mother", "mam": "mother", "mums": "mother", "moms": "mother", "dad": "father",
    "dads": "father", "nan": "grandmother", "nans": "grandmother", "gran": "grandmother",
    "grandma": "grandmother", "grandad": "grandfather", "hubby": "husband", "missus": "wife",
    "kiddies": "children", "kids": "children", "kid": "child", "lad": "boy", "bloke": "man",
    "telly": "tv", "leccy": "electric", "wheely": "wheelie", "recyling": "recycling", "recyle":
    "recycle", "fags": "cigarettes", "ciggies": "cigarettes", "bizzies": "police", "motor": "car",
    "chippy": "takeaway", "boozer": "pub", "abt": "about", "dont": "not", "doesnt": "not",
    "didnt": "not", "wasnt": "not", "werent": "not", "isnt": "not", "arent": "not", "hasnt": "not",
    "havent": "not", "hadnt": "not", "aint": "not", "wont": "not", "wouldnt": "not",
    "shouldnt": "should not", "mustnt": "not", "never": "not",
    "cant": "cannot", "couldnt": "cannot", "nobodys": "nobody", "noones": "nobody",
    "permision": "permission", "pavment": "pavement", "payed": "paid", "tho": "though", "b4":
    "before", "gov": "government", "dhp": "discretionary housing payment", "dfg":
    "disabled facilities grant", "foi": "freedom of information", "sar": "subject access request",
    "fsm": "free school meals", "pcn": "penalty charge notice", "hmo": "house in multiple",
    "ot": "occupational therapist", "sen": "special needs", "ehcp": "special needs",
    "weve": "", "ive": "", "im": "", "its": "it", "theyve": "they", "theyre": "they", "thats":
    "that", "theres": "there", "whats": "what", "wheres": "where", "whens": "when", "hows": "how",
    "defo": "", "tbh": "", "thx": "thanks", "ta": "thanks", "cheers": "thanks", "thanx": "thanks",
    "hiya": "hello", "hi": "hello", "hey": "hello",
}  # fmt: skip
SHORT_PAIRS: Mapping[tuple[str, str], str] = {
    ("c", "tax"): "council tax", ("court", "tax"): "council tax", ("council", "tx"): "council tax",
    ("co", "tax"): "council tax", ("pot", "hole"): "pothole", ("pot", "holes"): "pothole",
    ("pot", "whole"): "pothole", ("lamp", "post"): "lamppost", ("fly", "tip"): "flytip",
    ("fly", "tipping"): "flytip", ("fly", "tipped"): "flytip", ("fly", "tippers"): "flytip",
    ("stair", "lift"): "stairlift", ("wet", "room"): "wetroom", ("anti", "social"): "antisocial",
    ("by", "law"): "bylaw", ("lay", "by"): "layby", ("lay", "bys"): "layby",
    ("drop", "kerb"): "dropped kerb", ("housing", "ben"): "housing benefit",
    ("road", "kill"): "roadkill", ("bed", "bugs"): "bedbug", ("bed", "bug"): "bedbug",
    ("pay", "ment"): "payment", ("take", "away"): "takeaway", ("rent", "rebate"): "rentrebate",
}  # fmt: skip

# The commonest words: they say little, and are no slips for ours however near they are.
COMMON = frozenset(
    """a about above across after again against ago all almost alone along already also although
    always am an and another any anybody anymore anyone anything are area around as ask asked at
    away back bad be because been before behind being below best better between big bit both but by
    call called came can cannot case cause change come comes coming could day days did do does done
    down during each early either else end enough even ever every everyone everything far feel few
    find first five for found four friday from front full further gave get gets getting give given
    go goes going gone good got great had half happen happened has have having he hear heard hello
    help her here hers high him his hope hour hours house how i if in inside instead into is it just
    keep keeps kind knew know known last late later least leave leaving left less let like line
    little live lives long look looking lot lots made make makes making man many may maybe me mean
    men might mine minute minutes monday month months more morning most move moved much must my name
    near nearly need needs never new next nice night nights no nobody none nor not nothing now
    number of off often old on once one only onto open or other others our out outside over own part
    past people person phone place plan please put quite rang really right ring rung said same
    saturday saw say says second see seems seen send sent set several she should show side since
    six small so some somebody someone something sometimes soon sorry sort start started still
    stop stopped sunday such sure take taken takes taking talk tell ten than thank thanks that the
    their them then there these they thing things think third this those though thought three
    through thursday time times to today told tomorrow tonight too took top towards town tried
    try trying tuesday turn turned two under until up upon us use used using very wait waiting
    want wanted wants was way we wednesday week weekend weeks well went were what when where which
    while who whole whom whose why wife will with within without woman women wont word words work
    working would write wrong wrote yeah year years yes yesterday yet you young your yours
    above april august december february january july june march november october september
    mate love lady guy boy girl mother father husband son daughter brother sister grandmother
    grandfather mrs mr dear evening afternoon noon pretty proper state useless joke disgrace
    worse worst hate nasty idea problem problems trouble issue issues matter report reported
    reporting hub office lot bloody damn check please regards kind""".split()  # noqa: SIM905 - a line each would be pages
)
