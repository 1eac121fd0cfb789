"""What a post is about, and its life: from a draft to what everybody reads, or to its tombstone."""

from webapp.core.labels import LabelledEnum
from webapp.core.vocabulary import Kind


class PostKind(LabelledEnum):
    """What a post is about."""

    WORK = "work", "找活路"
    COURSE = "course", "学手艺"
    STALL = "stall", "摆摊创业"
    NOTICE = "notice", "通知"
    ACTIVITY = "activity", "活动"
    THANKS = "thanks", "好人好事"


#: What a post about an opening of this kind is about.
OF_OPENING = {
    Kind.VACANCY: PostKind.WORK,
    Kind.PIECEWORK: PostKind.WORK,
    Kind.COURSE: PostKind.COURSE,
    Kind.VENTURE: PostKind.STALL,
}
#: Posts that call people to something: the rules of wording of openings hold for them.
RECRUITING = frozenset(OF_OPENING.values())


class PostState(LabelledEnum):
    """Where a post stands."""

    DRAFT = "draft", "草稿"
    SCHEDULED = "scheduled", "定时发"
    PUBLISHED = "published", "已发"
    RETRACTED = "retracted", "撤回了"
    DISCARDED = "discarded", "不发了"


class PostAction(LabelledEnum):
    """What may happen to a post."""

    SAVE = "save", "存草稿"
    SCHEDULE = "schedule", "定时发"
    PUBLISH = "publish", "发出去"
    CORRECT = "correct", "更正"
    RETRACT = "retract", "撤回"
    DISCARD = "discard", "不发了"


S, A = PostState, PostAction
TRANSITIONS: dict[tuple[PostState, PostAction], PostState] = {
    (S.DRAFT, A.SAVE): S.DRAFT,
    (S.SCHEDULED, A.SAVE): S.DRAFT,
    (S.DRAFT, A.SCHEDULE): S.SCHEDULED,
    (S.SCHEDULED, A.SCHEDULE): S.SCHEDULED,
    (S.DRAFT, A.PUBLISH): S.PUBLISHED,
    (S.SCHEDULED, A.PUBLISH): S.PUBLISHED,
    (S.PUBLISHED, A.CORRECT): S.PUBLISHED,
    (S.PUBLISHED, A.RETRACT): S.RETRACTED,
    (S.DRAFT, A.DISCARD): S.DISCARDED,
    (S.SCHEDULED, A.DISCARD): S.DISCARDED,
}
#: May still be written on; nobody outside has seen it.
UNSEEN = frozenset({S.DRAFT, S.SCHEDULED})
