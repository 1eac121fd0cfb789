"""The form that takes pictures of a sealed sample."""

from flask_babel import lazy_gettext as _
from wtforms import MultipleFileField

from webapp.piecework.forms.fields import PieceworkForm


class SamplePhotosForm(PieceworkForm):
    """Up to three pictures of what a finished piece looks like."""

    photos = MultipleFileField(
        _("做好的样品，拍一张"),
        description=_(
            "最多 3 张，一张最多 8 兆。只拍东西，不要拍到人、门牌、电话；照片里的地点时间会去掉"
        ),
        render_kw={"accept": "image/jpeg,image/png,image/webp", "required": True},
    )
