"""One word for one thing by kind: nobody is interviewed for a stall or paid by a course.

Sentences about openings are written in the words of work; :func:`by_kind` puts those of the kind
in their place, so that each sentence stands once.
"""

import re

from webapp.core.vocabulary import Kind

# What a word of work is for the other kinds; 在别处上岗 is work whatever the kind.
WORDS: dict[Kind, dict[str, str]] = {
    Kind.COURSE: {
        "还差一步：同意把情况告诉单位": "报名办到哪一步，在「我的课」里看",
        "工钱怎么算": "学费或补贴",
        "工钱": "学费或补贴",
        "面试": "面谈",
        "上岗": "开课",
        "录用": "录取",
        "离岗": "退出",
        "上过班": "上过课",
        "还在岗": "还在学",
        "在岗": "在学",
        "还在做": "还在学",
        "稳定就业": "学完了",
        "不做了": "不学了",
        "招聘": "招生",
        "招到": "报名到",
    },
    Kind.VENTURE: {
        "还差一步：同意把情况告诉单位": "办到哪一步，在「我的摊位」里看",
        "工钱怎么算": "大概能挣多少",
        "工钱": "大概能挣",
        "面试": "面谈",
        "上岗": "开张",
        "录用": "定下",
        "离岗": "退出",
        "上过班": "开过张",
        "还在岗": "还在做",
        "在岗": "在做",
        "稳定就业": "做稳了",
        "招聘": "招人",
        "招到": "报名到",
    },
}
# Where a yes goes on that has begun something of its own: an enrolment, a case.
OWN_PAGE = {Kind.COURSE: "我的课", Kind.VENTURE: "我的摊位"}
_PATTERNS = {
    kind: re.compile("(?<!别处)(?:" + "|".join(sorted(words, key=len, reverse=True)) + ")")
    for kind, words in WORDS.items()
    if words
}


def by_kind(text: object, kind: Kind) -> str:
    """Return a sentence about an opening in the words of its kind.

    >>> by_kind("约了面试", Kind.VENTURE), by_kind("已在别处上岗", Kind.COURSE)
    ('约了面谈', '已在别处上岗')
    """
    pattern = _PATTERNS.get(kind)
    if pattern is None:
        return str(text)
    return pattern.sub(lambda found: WORDS[kind][found[0]], str(text))
