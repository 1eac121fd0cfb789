"""Whether a text sounds like danger to somebody: cheap rules, for the moment it is filed.

A false alarm costs a look, a missed one may cost more, so the rules lean towards danger.
"""

import re

_WORDS = (
    r"(?<!没有)(?:着火|起火|失火|火灾|冒火|燃起来|烧起来)",
    r"冒(?:黑|浓|白)?烟",
    r"(?:煤气|天然气|燃气|气罐|液化气).{0,6}(?:漏|味|臭|泄)|漏(?:煤|燃|天然)?气|闻到.{0,4}(?:煤气|燃气)",
    r"一氧化碳|中毒|喝了?农药",
    r"漏电|触电|电到人|电人|电线.{0,6}(?:掉|断|垂|裸|火花)|打火花",
    r"爆炸|炸了",
    r"晕倒|晕了|昏迷|昏倒|叫不醒|喊不醒|没(?:有)?(?:呼吸|气了)|喘不过气|抽搐|口吐白沫|心口(?:痛|疼)",
    r"流(?:了)?(?:很多|好多)?血|出血不止|大出血|摔(?:断|破头|下楼|下去)|从楼上(?:掉|摔)",
    r"跳楼|自杀|轻生|寻短|割腕|不想活|活不下去|上吊",
    r"(?:拿|提|持|举)(?:着)?(?:菜)?刀|砍(?:人|死|我)|捅|要(?:杀|打死)|打死|往死里打|家暴|动手打|打老婆|打娃",
    r"溺水|落水|掉(?:进|到).{0,4}(?:水|河|井|塘|坑)",
    r"被困|困在|关在电梯|电梯.{0,6}(?:困|关|卡住|掉)",
    r"(?:墙|房|楼|天花板|雨棚|阳台|边坡|围墙).{0,6}(?:塌|垮|要倒|掉下来)|高空(?:抛|坠)物",
    r"(?:娃|孩子|老人|婆婆|爷爷|奶奶|妈|爸).{0,8}(?:不见了|走丢|走失|找不到人|找不到了)",
)
_DANGER = re.compile("|".join(f"(?:{words})" for words in _WORDS))


def is_danger(text: str) -> bool:
    """Return whether a text names what may hurt somebody now.

    >>> is_danger("3栋楼道里煤气味好大"), is_danger("想问低保怎么办")
    (True, False)
    """
    return _DANGER.search(text) is not None
