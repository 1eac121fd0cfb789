"""Tickets in the words of the standard language, so that two ways of speaking read alike."""

import re
from functools import lru_cache
from typing import Final

from matching.text.normalise import normalise

# Each line: the standard word, then what is said in Chongqing or in dictation instead.
_GROUPS: Final = """
什么 啥子 啥 么子
怎么 咋个 啷个 咋 郎个 哪个样
怎么办 咋办 咋个办 啷个办
什么时候 好久 好阵 啥子时候 哪阵 几时
多少钱 好多钱
多少 好多
没有 没得 莫得 冇得
不要 莫
知道 晓得
家里 屋头 屋里头 屋里 我屋 屋
孩子 娃儿 娃娃 细娃儿 细娃 小娃儿 小娃 崽崽 娃
小儿子 幺儿
父亲 老汉儿 老汉 爸爸 老爸 爸
母亲 妈妈 老妈 老娘 妈
妻子 婆娘 老婆 堂客
丈夫 老公 我男的 男人
老人 太婆 婆婆 老婆婆 老太婆 老太太 老头 老辈子 爷爷 奶奶 大爷 嬢嬢 孃孃 大娘
工作 活路 活儿
手工活 计件活 串珠子 串珠
玩 耍
聊天 摆龙门阵 摆哈
差 撇 孬
难受 恼火 遭不住
不好 扯拐
说话 摆谈
里面 里头
外面 外头
上面 上头 高头
下面 下头 底下 脚下
后来 后头
前面 前头 前些
被 遭
给 跟
一下 一哈 哈儿 一哈儿
非常 惨了 得很 不得了 要命
可以 要得 得行
这样 恁个 这么
找 寻
看见 看到 瞧到 瞧见
听见 听到
黑 黑黢黢
厕所 茅厕 茅斯 卫生间
楼道 楼梯间 过道 走道
电动车 电瓶车 电马儿 电驴
噪音 吵闹 闹麻了
广场舞 坝坝舞 坝坝歌
广场 坝子 院坝
傍晚 擦黑
晚上 晚黑 夜里 半夜
早上 早晨 一早 清早
昨天 昨日
刚才 将才 才将
摔倒 绊倒 跶倒 跘倒 栽倒 绊了一跤 跶了一跤
头 脑壳
腰 腰杆
脚 脚杆
手 手杆
"""


@lru_cache(maxsize=1)
def _words() -> tuple[re.Pattern[str], dict[str, str]]:
    standard = {
        other: first
        for first, *others in (line.split() for line in _GROUPS.split("\n") if line.strip())
        for other in others
    }
    longest_first = sorted(standard, key=len, reverse=True)
    return re.compile("|".join(map(re.escape, longest_first))), standard


@lru_cache(maxsize=8192)
def in_plain_words(text: str) -> str:
    """Return a text normalised, with words of the dialect in the standard language.

    >>> in_plain_words("屋头没得水了，好久来")
    '家里没有水了,什么时候来'
    """
    pattern, standard = _words()
    return pattern.sub(lambda found: standard[found[0]], normalise(text))
