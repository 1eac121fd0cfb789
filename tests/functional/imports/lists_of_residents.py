"""Lists of residents as a branch keeps them, handed in, and what the people agreed to."""

from tests.functional.imports.sheets import upload, workbook

ID_NUMBER = "11010519491231002X"
HEADERS = [
    *("姓名", "性别", "出生年月", "身份证号", "联系电话", "楼栋门牌", "文化程度", "求职意向"),
    *("技能特长", "工作经历", "不能做的", "空闲时间", "能走多远", "最低工资", "是否低保"),
]
CHEN = [
    *("陈桂芳", "女", "1949-12-31", ID_NUMBER, "13800000001", "3栋2单元501", "初中", "保洁、家政"),
    *("做饭", "保洁3年；洗碗1年", "搬重物", "周一至周五 8:30-16:30", "小区内", "2500元", "是"),
]
LI = [
    *("李四", "男", "1985年3月", None, None, "3-2-501", "小学", "保安"),
    *(None, None, None, "看情况", None, None, "否"),
]
FILE = workbook(HEADERS, CHEN, LI)
AGREED = {"consent": "y", "channel": "in_person", "note": "李晓梅 11月20日逐户问过"}
ALL_AGREED = {**AGREED, "sensitive": "y"}


def people(browser, *rows, headers=HEADERS) -> str:
    """Hand a list of people in; return the address of the file's page."""
    return upload(browser, workbook(headers, *rows), "名单.xlsx", "residents").headers["Location"]
