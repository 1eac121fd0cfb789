"""Synonyms in descriptions of work, each replaced by the first of its group.

Applied to a phrase and to the forms it is compared with, so that 服侍老辈子 equals 照顾老人.
Words that distinguish one trade from another are no synonyms here.
"""

import re
from functools import lru_cache
from typing import Final

_GROUPS: Final = """
孩子 娃儿 娃娃 小娃儿 小娃娃 小娃 细娃儿 细娃 小孩子 小孩 小朋友 小家伙 娃
婴儿 奶娃儿 奶娃娃 奶娃 毛毛 小毛毛 毛娃儿 月毛毛 新生儿 宝宝 小宝宝 小宝贝 婴幼儿
老人 老人家 老年人 老辈子 老爷爷 老奶奶 老大爷 老婆婆 老太太 老太婆 老太爷 老头儿 老头
老人 大爷 爷爷婆婆 爷爷奶奶 太婆 老汉儿
病人 病号 患者 伤员
照顾 照看 照料 照护 看护 护理 伺候 服侍 侍候
餐馆 馆子 饭店 饭馆 餐厅 酒楼 食店 酒家 饭庄
酒店 宾馆
衣服 衣裳 衣物
裤子 裤儿
被子 铺盖
鞋子 鞋儿
煮饭 做饭 弄饭 烧饭 整饭
炒菜 做菜 烧菜 弄菜 整菜
打扫 打整 收拾 清扫 做卫生 搞卫生 搞清洁 做清洁
修 修理 维修 检修 修补
洗 清洗 刷洗 冲洗 洗刷
剪 修剪
切 剁
搬 扛 抬
种 栽 栽种 种植
装 安装
垃圾 渣渣
厕所 卫生间 茅厕 茅房 茅斯 洗手间 公厕
窗户 窗子 玻璃窗
地板 地面
马路 大街 街道 街面
电动车 电瓶车 电马儿 电驴子 电驴 电动自行车 电单车
摩托 摩托车 火摩托
三轮 三轮车
挖掘机 挖挖机 挖机 挖土机
叉车 叉叉车
快递 包裹 快件 邮包
货 货物 货品
狗 狗狗 狗儿
猫 猫猫 猫咪 猫儿
猪 猪儿
鸡 鸡儿
鱼 鱼儿
客人 顾客 客户
钱 钞票
里 里头 里面
脚 脚杆 脚板
死人 逝者 遗体 尸体 过世的人 去世的人 亡人
坟 坟墓 墓地 公墓
红薯 红苕
玉米 苞谷 包谷
土豆 洋芋
辣椒 海椒
馒头 馍馍
猪肉 猪儿肉
小货车 小货
房屋 房子
公园 园子
"""

_ONE: Final = {
    word: words[0] for words in map(str.split, _GROUPS.strip().splitlines()) for word in words
}
_WORD: Final = re.compile("|".join(sorted(_ONE, key=len, reverse=True)))


@lru_cache(maxsize=32768)
def replace_synonyms(text: str) -> str:
    """Return a squeezed text with each synonym replaced by the first of its group.

    >>> replace_synonyms("服侍老辈子") == replace_synonyms("照顾老人")
    True
    """
    return _WORD.sub(lambda found: _ONE[found[0]], text)
