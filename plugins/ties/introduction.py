"""Whether a text is somebody's introduction of themselves. Pure.

Clues are added up: a clear one (自我介绍, 新人报到) is enough; else it takes two of a greeting, a name or
calling, and a place; in somebody's first words in the group one that is not the greeting. What asks for help
with a problem, or tells of one, is no introduction, whatever it begins with.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from bot.analysis.questions import ASKS, question_chance
from bot.words import visible

ENOUGH = 2.0
CLEAR, PLAIN, FIRST = 2.0, 1.0, 1.0
SHORTEST, LONGEST = 4, 400

_HINTS = re.compile(
    "我是|我叫|在下|本人|自我介绍|报[到道个]|新人|萌新|小白|新来|初来|坐标|昵称|姓名|冒[个了]?泡|[进入加]群"
    "|家门|介绍一?下|晚辈|前辈|群友|招呼|关照|指[教点]|认识|加入|慕名|拉我|介绍来|第一次发言|刚入行|小弟|过来的|潜水"
    r"|\b(?:i'?m|i am|my name|myself|new here|joined|nice to meet)\b",
    re.IGNORECASE,
)
_ADDRESSES = re.compile(r"https?://\S+|@\S+\s?|\[[^\[\]\s]{1,6}\]")
_NOT_ONE_S_OWN = re.compile(
    "^(?:欢迎|热烈欢迎|恭喜)|(?:让|请|叫)(?:新人|新来的|新同学|[^，。]{0,4}同学)[^，。]{0,6}(?:介绍|报到|改)"
    "|(?:自我介绍|报到)(?:的|模板|格式|证|材料|时间|流程)|新人(?:进群|入职|培训|必看|福利|红包|礼)"
    "|招聘|招人|诚聘|优惠|下单|加我微信|私聊我|扫码|代理"
)
_CLEAR = re.compile(
    "(?<![你他她让请])自我介绍(?:一)?下|自我介绍[：:，,]|介绍(?:一)?下(?:我)?自己|报个?家门"
    "|(?:新人|萌新|小白|新群友|新成员|新来的)[，,！! ]*(?:来)?(?:了)?(?:前来)?"
    "(?:报[到道](?![的证])|冒泡|打卡|求带|求罩|求关照|驾到|一枚|一只|请多)"
    "|报个[到道]|(?:我)?来报[到道]|前来报[到道]|初来乍到|^[嗨嘿哈哎，,～~！! ]*(?:新人|萌新)一[枚只个名]"
    "|(?:进|入|加|进了)群.{0,6}(?:打个招呼|跟大家打|问个好)|打个?招呼[，,：:]?\\s?我[是叫]"
    "|很?高兴(?:能)?(?:加入|认识(?:大家|各位|你们))|潜水.{0,8}(?:冒[个了]?泡|报到|自我介绍)"
)
_TRADE = re.compile(
    "(?:我是|本人是?|在下是?|小弟是?)(?:一[个名位])?(?:专门|专职|以前)?"
    "(?:做(?![完到了好出])|修|教(?!程)|开(?![玩始会了])|养|种|卖|画|拍(?!下)|烧|跑(?![了步到])|搞|学(?![到会了])|酿|织|雕)"
    "[^，。,.！!？?]{1,8}的(?:[，,。.！!～~；;\\s]|$)"
)
_FORM = re.compile("(?:昵称|姓名|名字|坐标|城市|所在地|职业|行业|工作|公司|爱好|兴趣|标签|年龄)[：:]")
_GREETING = re.compile(
    "大家(?:早上|中午|下午|晚上)?好(?![像久棒多玩吃看听])|(?:各位|群里的|群友|你们|朋友们|同学们|老师们|前辈们|大佬们|兄弟们)"
    "[^，。,.!！]{0,6}(?:好|早)(?![像久看听])|^(?:哈喽|嗨|嘿|hello|hi)[，,～~！! ]",
    re.IGNORECASE,
)
_NOT_A_NAME = (
    "(?!想|说|来(?!自)|觉得|在|直接|按|从(?!.{1,10}(?:群|来))|看|这|那|不是|不|怕|因为|先|照|通过|把|要|有|没|自己|用|真|"
    "开玩笑|昨|今|明|早上|中午|晚上|刚刚|刚才|上周|服务|第[一二三四五六七八九十]个|群主(?:[，,]|$)|谁|啥|什么|收到|"
    "你|他|她|它|我|也|就|都|才|又|一直|手机|电脑|新手|小白用户|认真|随便|完全|为了|对|跟|和|被(?!.{0,8}(?:拉|介绍|带|勾|安利)))"
)
_SELF = re.compile(
    f"(?:^|[，,。.！!～~；;、\\s：:呀啊了])(?:我是{_NOT_A_NAME}|我叫(?!了|你|他|她|它|外卖|车|人|大家|不)|在下|小弟|"
    "本人(?!已|亲|不|没|认为|觉得))[^，。,.！!\\s]"
)
_NAMED = re.compile(
    "(?:^|[，,。.！!～~\\s])我叫(?!了|你|他|她|它|外卖|车|人|大家|不)[^，。,.！!\\s]{1,8}(?:[，,。.！!～~\\s]|$)"
)
_CALLING = re.compile(
    "(?:做|从事|搞|干|写|玩|学|教|跑|开|拍|养|种|喝|转|研究|滑|烧|练|当)(?:了)?[^，。,.！!？?]{0,10}"
    "(?:[一二三四五六七八九十两几半\\d]+多?年|的(?:[，,。.！!～~]|$)|行业|这行|店|生意|农场|工作室|茶室|馆|民宿)"
    "|[一二三四五六七八九十两几\\d]+多?年(?:的)?(?:经验|[^，。,.！!？?]{0,6}(?:工程师|程序员|老师|产品|运营|后端|前端|测试|"
    "设计|司机|护士|医生|律师|编辑))|就职|任职|毕业于|在读|读(?:研|博|书|大学)|大[一二三四](?:[，,在了]|学生)|研究生|学生党|"
    "宝妈|宝爸|打工人|退休(?:老师|教师|工人|[前了后])|(?:工程师|程序员|设计师|插画师|产品经理|护士|医生|律师|教师|老师|摄影师|农民|厨师|司机)"
    "(?:[，,。.！!～~一]|$)|平时(?:主要|喜欢|爱|做|在)|业余|爱好是?|喜欢[^，。,.！!？?]{2,10}(?:[，,。.！!～~]|$)|研究方向|方向是|"
    "课题是|入行|想(?:学学?|转|多认识|找)[^，。,.！!？?]{1,12}|路过(?:的|[，,。]|$)|深漂|北漂|沪漂"
)
_STANDING = re.compile(
    "(?:老板娘?|班主任|店主|店长|掌柜|主播|学徒|手艺人|村医|校医|保安|司机|裁缝|木匠|铁匠|导游|翻译|会计|记者|编辑|厨子)(?:[，,。.！!～~一]|$)"
    "|(?:本科|大专|研一|研二|研三|博一|规培|实习|转行|改行|退伍|下岗|待业|创业)(?:[，,。.！!～~在中]|[\\u4e00-\\u9fff])"
    "|[789０-９0][05]后|(?:^|[，,。：:\\s])[\\u4e00-\\u9fff]{2,3}人(?:[，,]|$)|教(?:数学|语文|英语|物理|化学|历史|音乐|美术|体育)"
    "|(?:来|进来|进群|过来)(?:学习|取经|听课|蹭课|长见识|凑个?热闹)|家里(?:有|养|开|种|三代|祖传)|自己(?:有个|开了?|做|种)"
    "|晚辈|鄙人|我是[^，。,.！!]{1,6}的(?:表|堂)?(?:妹|弟|哥|姐|徒弟|学生|朋友|同学|同事|邻居|女儿|儿子|爱人|老婆|老公)(?:[，,。.！!]|$)"
    "|(?:就|才)(?:厚着脸皮)?来了|群主通过|在学[\\u4e00-\\u9fff]{2,4}(?:[，,。.！!]|$)"
)
_PLACE = re.compile(
    "坐标(?!系|不|轴|在哪|哪|点|值)|(?:^|[，,。\\s])(?:我|本人|人)?在[\\u4e00-\\u9fff]{2,5}(?:做|开|读|上学|工作|当|教|烧|养|种|搞|写|拍)"
    "|(?:^|[，,。\\s])从[\\u4e00-\\u9fff]{2,4}来的"
)
_CAME = re.compile(
    "(?:被|让)[^，。,.！!？?]{1,14}(?:拉|带|勾|安利|介绍|推荐|忽悠|吸引)(?:来|进|过来|我)|(?:冲着|慕名|奔着)[^，。]{0,12}来|"
    "慕名|(?:拉|带)我进(?:来|群)|介绍(?:来|过来|进来)的|从[^，。]{1,10}群(?:过)?来的|(?:才|刚刚?|今天)(?:加|进|入)(?:的)?群|刚进来的|"
    "(?:找|摸|寻)过来的|请(?:大家|各位|前辈|老师)?(?:们)?多?多(?:多)?(?:关照|指教|指点|带带)|以后(?:请)?多(?:多)?(?:交流|关照)|"
    "第一次(?:在这|在群里)?(?:发言|说话|冒泡)|(?:我是)?新来的(?![同那])|(?:求|请)(?:大家|各位)?(?:带带|带我)"
)
_TROUBLE = re.compile(
    "报错|卡住|崩(?:了|溃)|失败|打不开|不能用|用不了|没反应|不对|漏水|退款|找不到|缺少|跑一?遍|显存|安装|"
    r"error|exception|fail|issue|problem|trouble|stuck|does ?n.t|not work|can ?n.t|unable|traceback|```",
    re.IGNORECASE,
)
_ENGLISH_CLEAR = re.compile(
    r"\bmy name(?: i|')s (?!not)|\b(?:let me |to |i'?d like to )?introduce (?:my ?self|me)\b"
    r"|\bi(?:'ve| have)? just joined (?:this|the|here)|, just joined (?:this|the|here)"
    r"|^\W*(?:(?:hi|hello|hey)\b[^.,!]{0,12}[.,! ]+)?(?:i'?m |i am )?new here\b(?! means)"
    r"|\bi(?:'m| am) (?:a )?new (?:here\b|member|to (?:this|the) (?:group|channel|room|community|chat)"
    r"|in (?:this|the) (?:group|channel|room|community))",
    re.IGNORECASE,
)
_ENGLISH_GREETING = re.compile(
    r"^\W*(?:hi|hello|hey|greetings|good (?:morning|evening|afternoon))\b", re.IGNORECASE
)
_ENGLISH_CALLING = re.compile(
    r"\bi(?:'m| am) (?:an? |the )(?:[\w-]+ ){0,3}?(?:engineer|developer|programmer|tester|student|manager"
    r"|lead|designer|teacher|newbie|beginner|analyst|consultant|freelancer|qa|sysadmin|architect|researcher"
    r"|maintainer)\b|\bi work (?:at|for|as|in)\b|\bi work on (?!a |the |this |that |it\b)"
    r"|\bi(?:'m| am) from \w|\bi do \w+ (?:\w+ )?(?:development|testing|engineering)|\bi maintain\b"
    r"|\bnice to meet (?:you|everyone|all)|\bworking on my (?:thesis|phd)"
    r"|\bi(?:'m| am) [A-Z][a-z]+(?: [A-Z][a-z]+)?(?:[,.!]| and | from |$)"
)
_SEEKS_PEOPLE = re.compile(
    "有没有[^，。？?]{0,16}(?:朋友|伙伴|同好|同学|老师|群友|一起)|想(?:多)?认识|来(?:看看|学学?|听听|闻闻)|找[^，。？?]{0,8}(?:一起|伙伴|搭子)"
)


@dataclass(frozen=True, slots=True)
class Introduction:
    """Somebody says who they are. `about` is what they say of themselves; `asks`: they also ask for help."""

    about: str
    asks: bool


def may_be_one(text: str) -> bool:
    """A quick look, for every message: whether `introduction` is worth its while."""
    return SHORTEST <= len(text) <= LONGEST and _HINTS.search(text) is not None


def introduction(text: str, *, first_words: bool = False) -> Introduction | None:
    """What a text tells of whoever wrote it; None if it is no introduction.

    `first_words`: the person has never said anything in this group before.
    """
    said = _ADDRESSES.sub(" ", visible(text)).strip()
    if not SHORTEST <= len(said) <= LONGEST or _NOT_ONE_S_OWN.search(said) is not None:
        return None
    score = _english(said) if said.isascii() else _chinese(said)
    if score == 0 or score + (FIRST if first_words else 0.0) < ENOUGH:
        return None
    is_clear = score >= ENOUGH
    asks = question_chance(said) >= ASKS and _SEEKS_PEOPLE.search(said) is None
    in_trouble = _TROUBLE.search(said) is not None
    if in_trouble or (asks and not is_clear):
        return None
    return Introduction(said, asks)


def _chinese(said: str) -> float:
    """How much speaks for an introduction; the greeting alone is nothing."""
    own = [_SELF, _CALLING, _PLACE, _CAME]
    score = sum(PLAIN for clue in own if clue.search(said))
    score += CLEAR if _CLEAR.search(said) else 0.0
    score += min(len(_STANDING.findall(said)) * PLAIN, CLEAR)
    score += PLAIN if _TRADE.search(said) else 0.0
    score += CLEAR if len(_FORM.findall(said)) > 1 else 0.0
    score += PLAIN if _NAMED.search(said) and _GREETING.search(said) else 0.0
    return score + PLAIN if score and _GREETING.search(said) else score


def _english(said: str) -> float:
    score = CLEAR if _ENGLISH_CLEAR.search(said) else 0.0
    score += PLAIN if _ENGLISH_CALLING.search(said) else 0.0
    return score + PLAIN if score and _ENGLISH_GREETING.search(said) else score
