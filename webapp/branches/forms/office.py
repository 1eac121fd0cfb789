"""The form of where the office is and how one gets there; messages in Chinese."""

from flask_babel import lazy_gettext as _
from wtforms import StringField, TextAreaField

from webapp.core.formfields import KeyedForm, at_most, required, tidy


class OfficeGuideForm(KeyedForm):
    """The address, and the ways to it: one a line."""

    address = StringField(
        _("地址"),
        description=_("写到门牌，手机地图里找得到的，像：九龙坡区华岩镇华龙家园社区服务中心"),
        filters=[tidy],
        validators=[required(_("请写地址")), at_most(100)],
    )
    directions = TextAreaField(
        _("怎么来"),
        description=_("一行一种走法：坐什么车到哪一站下，下车往哪边走，进门找哪个窗口"),
        filters=[tidy],
        validators=[at_most(400)],
    )
