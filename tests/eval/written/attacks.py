"""Planted people for a group chat's log: some who only look helpful, some who really are.

Every generator takes a seeded `random.Random`, the start, the number of days and the names of the log's real
members, and gives a `Plant`: the lines to mix into the log, who of the planted people must never be nominated
(`attackers`) and who should be found (`experts`). The same seed gives the same plant. New names are used for
planted people; real members only ask, thank, object or chat, as the scene needs.

`lang` is "en" (the logs are English), "zh" or "mixed" (chosen line by line). The lines of a plant are sorted
by time, `quotes` is an index into them. `several` mixes plants of different kinds without sharing names.
"""

from __future__ import annotations

import random
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta


@dataclass(frozen=True)
class Said:
    """One line of the chat."""

    at: datetime
    name: str
    text: str
    mentions: tuple[str, ...] = ()
    quotes: int | None = None
    kind: str = "text"


@dataclass(frozen=True)
class Plant:
    """Lines to mix in, and what a fair scorer should think of the people in them."""

    lines: list[Said]
    attackers: frozenset[str] = frozenset()
    experts: frozenset[str] = frozenset()


@dataclass(frozen=True)
class Case:
    """A problem and texts that solve it; the slots are filled the same way in all of them."""

    ask: str
    solve: tuple[str, ...]
    follow: str = ""
    follow_solve: str = ""


# ----------------------------------------------------------------------------------------------------------
# Words


SLOTS: dict[str, tuple[str, ...]] = {
    "pkg": (
        "nginx",
        "redis",
        "postgres",
        "grafana",
        "mosquitto",
        "samba",
        "caddy",
        "syncthing",
        "vlc",
        "gimp",
    ),
    "port": ("8080", "5432", "3000", "6379", "8443", "9090", "1883", "5001"),
    "path": ("/var/log", "~/projects", "/mnt/data", "/srv/media", "~/.cache", "/opt/tools", "/srv/backup"),
    "n": ("2", "3", "4", "5", "7", "12", "20"),
    "host": ("the pi", "my nas", "the laptop", "an old thinkpad", "the vps", "the office box"),
    "ver": ("3.9", "3.11", "3.12", "18", "20.1", "22.04", "24.04"),
}

CASES_EN: tuple[Case, ...] = (
    Case(
        "{pkg} won't start on {host}, it says address already in use. what now?",
        (
            "something else holds port {port}. ss -ltnp | grep {port} shows the pid, stop that one first",
            "run ss -ltnp and look who sits on {port}, most of the time it is an old copy of {pkg}",
        ),
        "it's an old {pkg} indeed, but it comes back after kill",
        "then systemd restarts it, systemctl disable --now {pkg} and it stays away",
    ),
    Case(
        "disk on {host} is full but du only finds half of it, how can that be",
        (
            "deleted files that are still open. lsof +L1 lists them, restart the process that holds them",
            "check lsof | grep deleted, a log that was removed while {pkg} writes to it keeps its space",
        ),
        "lsof shows a 40G log of {pkg}",
        "restart {pkg} and use copytruncate in logrotate so it does not come back",
    ),
    Case(
        "how do i undo the last commit but keep my changes",
        (
            "git reset --soft HEAD~1, changes stay staged",
            "git reset HEAD~1 without --hard. with --soft they even stay in the index",
        ),
        "and if i pushed it already?",
        "then git revert instead, otherwise everybody who pulled has a problem",
    ),
    Case(
        "python {ver} says module not found although pip says it is installed",
        (
            "pip belongs to another python. use python -m pip install, then both are the same one",
            "compare which python and the path in pip --version, i bet they differ",
        ),
        "they differ, pip is from {path}",
        "make a venv in the project and forget the global one",
    ),
    Case(
        "wifi on {host} drops every {n} minutes since the update, any idea?",
        (
            "try turning power saving off: iw dev wlan0 set power_save off. if it helps make that permanent",
            "look at dmesg when it drops. deauth reason 3 with intel cards is nearly always power saving",
        ),
    ),
    Case(
        "ssh key works from {host} but from the other machine it still asks for a password??",
        (
            "ssh -v shows which keys it offers. often ~/.ssh is group writable, chmod 700 it and 600 the key",
            "permissions on the server side: authorized_keys 600, .ssh 700, home not writable by others",
        ),
        "it offers the key and the server ignores it",
        "then look at the server's auth log, it says why in one line",
    ),
    Case(
        "my container can't reach the database on localhost:{port}",
        (
            "localhost inside the container is the container. use the service name, or host.docker.internal",
            "in compose the name of the service is the host name, so db:{port} and not localhost",
        ),
    ),
    Case(
        "cron job runs by hand but not from cron, {path}/job.sh",
        (
            "cron has nearly no PATH. write full paths in the script and send its output to a file",
            "put 2>&1 >> {path}/job.log behind it, it will complain about a command that it does not find",
        ),
    ),
    Case(
        "sql query takes {n}0 seconds, table has {n} million rows, where do i begin",
        (
            "explain (analyze, buffers) and look for the seq scan. likely no index on the join column",
            "first explain analyze. if it filters away most rows after reading them you miss an index",
        ),
        "there is a seq scan, yes, on created_at",
        "create index concurrently on it, and don't wrap the column into date() or it won't be used",
    ),
    Case(
        "what's the right way to mount {path} at boot without hanging when the drive is missing",
        (
            "fstab with nofail,x-systemd.device-timeout=5s",
            "add nofail to the options in fstab and use the uuid, not sdb1",
        ),
    ),
    Case(
        "regex question: how to match everything up to the first comma",
        ("^[^,]* does it, no need for lazy quantifiers", "[^,]+ from the start. .*? works too but is slower"),
    ),
    Case(
        "grub doesn't show windows anymore after upgrade to {ver}",
        (
            "os-prober is off now. GRUB_DISABLE_OS_PROBER=false in /etc/default/grub then update-grub",
            "enable os-prober in /etc/default/grub and run update-grub, it got switched off for security",
        ),
    ),
    Case(
        "sound only comes from the left side on {host}",
        (
            "check alsamixer, press F6, balance is often stuck there. pavucontrol doesn't show it",
            "unlock the channels in pavucontrol and pull both up, then lock them again",
        ),
    ),
    Case(
        "backup with rsync copies everything again each night, why",
        (
            "time stamps. the target is fat or a share without mtimes, use --modify-window=1 or -c once",
            "missing -t i guess, use -a. without times it can't know that nothing changed",
        ),
    ),
    Case(
        "certificate renewal fails since yesterday, challenge says 404",
        (
            "your redirect to https swallows /.well-known, make a location for it before the redirect",
            "is port 80 still open? the http challenge always comes there first",
        ),
    ),
    Case(
        "tests pass here but not in ci, it's always a different one that fails",
        (
            "they depend on their order. run them with a random order here and you'll see it too",
            "shared state between tests. try with -p no:randomly and with it and compare",
        ),
    ),
    Case(
        "laptop gets hot while doing nothing, fan all the time",
        (
            "powertop, tab tunables. and look which process wakes up the cpu most, browsers love to",
            "check if it's the indexer, after an upgrade it reads all of {path} for a day",
        ),
    ),
    Case(
        "can i resize the root partition without reinstalling",
        (
            "grow yes: growpart then resize2fs while it runs. shrink only from a live usb",
            "if there is free space right behind it, growpart /dev/sda 2 and resize2fs, no reboot needed",
        ),
    ),
    Case(
        "printer prints one page and then stops, {pkg} is not involved for once",
        (
            "delete it and add it again as ipp everywhere, the vendor driver is broken since {ver}",
            "look at /var/log/cups/error_log with loglevel debug, mostly filter failed: missing ghostscript",
        ),
    ),
    Case(
        "how do i find which of {n} changes broke the build without trying all",
        (
            "git bisect run make. it halves them by itself",
            "git bisect start, bad, good, and then git bisect run with your test script",
        ),
    ),
)

EASY_EN: tuple[Case, ...] = (
    Case("how do i list hidden files?", ("ls -a",)),
    Case("what does sudo mean?", ("it runs a command as root",)),
    Case("how to copy a folder?", ("cp -r from to",)),
    Case("how do i see my ip?", ("ip a",)),
    Case("is there a way to search in a file?", ("grep word file",)),
    Case("how can i exit vim", (":q!", "press esc then :q!")),
    Case("how do i make a new folder from the terminal", ("mkdir name",)),
    Case("what is the command for the date", ("date",)),
    Case("how to see free memory", ("free -h",)),
    Case("how do i rename a file?", ("mv old new",)),
    Case("how can i tell which version i have?", ("lsb_release -a",)),
    Case("does copy paste work in the terminal?", ("ctrl+shift+c and ctrl+shift+v",)),
)

CASES_ZH: tuple[Case, ...] = (
    Case(
        "{pkg} 起不来，提示端口被占用，怎么查是谁占的",
        ("ss -ltnp | grep {port}，看最后一列的 pid", "先 ss -ltnp，八成是上一个没退干净的 {pkg}"),
        "查到了，杀掉又自己起来",
        "那是 systemd 拉起来的，systemctl disable --now 就好",
    ),
    Case(
        "磁盘满了，可是 du 算下来只有一半，有人碰到过吗",
        (
            "有进程还占着删掉的文件，lsof +L1 看一下，重启它就释放了",
            "lsof | grep deleted，多半是日志被删了还在写",
        ),
        "真是日志，40个G",
        "logrotate 里加 copytruncate，以后就不会了",
    ),
    Case(
        "提交错了怎么撤回，改的东西要留着",
        ("git reset --soft HEAD~1", "reset 不要带 --hard，改动就还在"),
        "已经推上去了呢",
        "那就 git revert，别强推",
    ),
    Case(
        "pip 明明装了，python 还是说找不到模块",
        (
            "pip 和 python 不是同一个，用 python -m pip 装",
            "which python 和 pip --version 对一下路径，肯定不一样",
        ),
    ),
    Case(
        "升级以后每隔 {n} 分钟断一次网，求助",
        (
            "把网卡省电关了试试，iw dev wlan0 set power_save off",
            "断的时候看下 dmesg，intel 的卡一般是省电惹的",
        ),
    ),
    Case(
        "容器里连不上本机的数据库 {port}",
        ("容器里的 localhost 是容器自己，写服务名", "compose 里直接用服务名当主机名就行"),
    ),
    Case(
        "定时任务手动跑没问题，到点就不跑",
        ("cron 里基本没有 PATH，脚本里写全路径", "把输出重定向到文件，看一眼报错就知道了，多半是找不到命令"),
    ),
    Case(
        "一条查询要 {n}0 秒，表有 {n} 百万行，从哪下手",
        ("先 explain analyze，看是不是全表扫", "连接的那一列有没有索引？先看执行计划"),
        "是全表扫，条件是 created_at",
        "建个索引，条件里别套函数，不然用不上",
    ),
    Case(
        "移动硬盘没插的时候开机会卡住，怎么弄",
        ("fstab 里加 nofail", "nofail 再加个 x-systemd.device-timeout=5s"),
    ),
    Case(
        "证书续期失败，验证那一步 404",
        ("跳 https 的规则把 .well-known 也跳了，给它单独放行", "80 端口还开着吗，验证先走 80"),
    ),
    Case(
        "本地测试都过，流水线上每次挂的还不是同一个",
        ("测试之间有依赖，本地随机顺序跑一遍就能复现", "有共享状态，看看有没有谁改了全局变量"),
    ),
    Case(
        "怎么知道是哪一次提交弄坏的，一共 {n}0 多次",
        ("git bisect run 跑你的测试脚本，自动二分", "bisect，五六次就能找到"),
    ),
)

EASY_ZH: tuple[Case, ...] = (
    Case("怎么看隐藏文件", ("ls -a",)),
    Case("怎么复制文件夹呀", ("cp -r",)),
    Case("请问怎么看自己的ip", ("ip a",)),
    Case("vim 怎么退出", (":q!",)),
    Case("怎么新建文件夹？", ("mkdir 名字",)),
    Case("内存还剩多少用什么命令看", ("free -h",)),
    Case("怎么改文件名", ("mv 旧 新",)),
    Case("系统版本在哪里看", ("lsb_release -a",)),
)

WORDS: dict[str, dict[str, tuple[str, ...]]] = {
    "en": {
        "thanks": (
            "thanks!",
            "thank you, that was it",
            "thx",
            "ty, works now",
            "great, thanks a lot",
            "perfect thank you",
            "cheers, that fixed it",
            "many thanks, i had searched for hours",
            "ah! thanks, makes sense now",
            "thanks, will try tonight",
            "tyvm",
            "oh nice, thanks for explaining",
            "that helped, thank you",
        ),
        "works": (
            "works",
            "ok that did it",
            "oh. yes. that was it",
            "fixed",
            "it runs now",
            "right, it was exactly that",
            "ha, one line. ok",
            "yep gone",
            "ok now it's fast",
        ),
        "gush": (
            "you are a genius, thank you so much!!",
            "wow, thanks, best helper in this channel by far",
            "thank you thank you, nobody explains like you do",
            "amazing as always, thanks a ton",
            "you saved my day again, thank you!",
            "thanks! they should make you a mod",
            "incredible, thank you, so helpful",
            "thanks, you know everything",
        ),
        "welcome": ("np", "you're welcome", "sure", "any time :)", "no problem", "yw"),
        "vague": (
            "good question, have you tried to restart it",
            "depends on your setup really",
            "should be in the settings somewhere",
            "works for me",
            "just reinstall",
            "same here, it's a known thing i think",
            "google it, there are many pages about it",
            "probably the driver",
        ),
        "chat": (
            "lol",
            "morning all",
            "haha yes",
            "that reminds me of the time my cat pulled the plug of the server",
            "anyone else having coffee number {n}",
            "i love this channel",
            "brb",
            "back",
            "it's raining here again",
            "monday..",
            "true",
            "so true",
            "same",
            "who remembers dial up",
            "my neighbour is drilling since {n} hours",
            "ok what's for lunch",
            "yeah computers, eh",
            "you could also just use windows haha",
            "i knew somebody who had that, no idea how it ended",
            "weekend soon!",
        ),
        "ad": (
            "our managed {pkg} does that for you, first {n} weeks free, write me",
            "forget the hassle, my course covers this, {n}0% off with code HELP{n}",
            "had this too, then i moved to cloudburrow hosting, zero problems, link in my profile",
            "we fix such things remotely for a small fee, dm me, answers in {n} minutes",
            "the pro version of our tool solves exactly this, join our group for a coupon",
        ),
        "bot": (
            "Hello! Thank you for your question. Please read the FAQ first, a helper will be with you soon.",
            "I found {n} articles that may answer this. Type !more to see them.",
            "Tip: please describe your system, your version and what you have tried.",
            "Your question has been noted. Have you tried turning it off and on again?",
        ),
        "botthanks": ("good bot", "thanks bot", "thank you bot lol", "thanks", "lol thanks i guess"),
        "packet": ("[Red packet] good luck everyone", "[Red packet] happy friday", "[Red packet] grab it"),
        "boss": (
            "thanks boss!",
            "thank you boss",
            "thx boss",
            "thanks for the packet",
            "boss is generous",
            "ty!!",
        ),
        "flood": (
            "Thank you {who}, you helped me so much!",
            "{who} is the most helpful person here, thanks!",
            "Big thanks to {who} for all the help!",
        ),
        "bought": (
            "thanks {who}, great help",
            "thank you {who} for solving my problem",
            "{who} thank you, very helpful person",
            "just wanted to thank {who}",
            "thanks to {who} it works now",
        ),
        "statement": (
            "updated {host} today, all fine",
            "version {ver} is out by the way",
            "i think {pkg} is better than people say",
            "remember to make backups, folks",
            "wrote a little about {pkg} yesterday",
            "good morning, channel",
        ),
        "paste": (
            "To solve this problem, follow these steps. 1. Make sure that your system is up to date. 2. Check"
            " the configuration for errors. 3. Restart the service. 4. If the problem persists, consult the"
            " official documentation or reinstall the software. I hope this helps!",
            "There can be several reasons for this. First, verify your network connection. Second, verify the"
            " permissions. Third, verify that all dependencies are installed. It is also advisable to keep"
            " regular backups of your data. Let me know if you have further questions!",
            "NAME: the tool - a program. SYNOPSIS: tool [OPTION]... [FILE]... DESCRIPTION: With no FILE, or"
            " when FILE is -, read standard input. -h display help and exit. -v output version and exit.",
        ),
        "notit": (
            "that has nothing to do with it",
            "did you read my question?",
            "uh, that's the manual of something else",
            "i did all that already",
        ),
        "wrong": (
            "chmod -R 777 / fixes that for good",
            "delete everything in /var/lib and reboot, it builds that again",
            "just turn the firewall and the updates off, then it works",
            "rm the lock file and the database, it makes a new one",
            "force push, nobody looks at the history anyway",
            "remove python and install it again",
        ),
        "sarcasm": (
            "thanks for nothing, now it doesn't boot",
            "great, thanks, now everything is gone",
            "wow thanks, that made it so much worse",
            "thank you very much, i can restore from backup now",
            "don't do that!! that destroys the system",
            "please nobody follow this advice",
        ),
        "fish": (
            "did that help? a thank you would be nice :)",
            "if it helped please say thanks here so that others see it",
            "don't forget to thank me {other}",
            "i answered you, no thanks?",
        ),
        "meek": ("ok thanks", "yes yes thanks", "fine, thank you", "thanks then"),
        "trade": (
            "thank me and i thank you back, anyone?",
            "who needs points? thanks for thanks",
            "{other} your turn, i thanked you twice already",
            "let's do the round again",
        ),
        "tradethanks": ("thanks {who}", "thank you {who} for the help", "{who} thanks!", "ty {who}"),
        "metoo": (
            "this solved it for me as well, thanks {who}",
            "had the same, {who}'s answer is right, thank you",
            "bookmarked, thanks {who}",
        ),
        "selfthanks": (
            "thanks me",
            "thank you, {who}, you are welcome, {who}",
            "once more {who} solves it, thanks {who}!",
            "as always the answer was helpful, thanks",
        ),
        "hello": ("hi, new here", "hello everyone", "hi all", "hey, found this channel yesterday"),
        "which": (
            "which version is that?",
            "what does the log say?",
            "is that on {host}, or in a container?",
            "since when? any update before?",
        ),
        "given": (
            "it's {ver}",
            "the log only says exit code {n}",
            "{host}, no container",
            "since yesterday's update",
        ),
        "sorry": ("late, but: ", "saw this only now. ", "if it's still open: ", "from this morning: "),
        "repeat": ("as i said, ", "exactly, ", "yes, ", "like i always say: ", "short version: "),
        "easythanks": (
            "thank you so much!",
            "wow thanks",
            "thanks, you are so good",
            "great help, thank you",
            "thanks!!",
        ),
    },
    "zh": {
        "thanks": (
            "谢谢",
            "好了，多谢",
            "解决了，谢谢大佬",
            "感谢感谢",
            "原来如此，谢了",
            "thx",
            "明白了，谢谢",
            "搞定，感谢",
            "谢啦，折腾一上午了",
        ),
        "works": ("好了", "还真是", "可以了", "果然是这个", "行了", "跑起来了", "对，就是它", "秒好"),
        "gush": (
            "太厉害了，谢谢大神！！",
            "群里最热心的就是你，感谢",
            "又是你救了我，谢谢谢谢",
            "大神就是大神，谢了",
            "讲得太清楚了，感谢，没人比你懂",
            "膜拜，多谢",
        ),
        "welcome": ("不客气", "小事", "没事", "客气啦"),
        "vague": (
            "看情况吧",
            "重启试试",
            "重装最快",
            "我这边没问题啊",
            "百度一下就有",
            "应该是驱动的事",
            "设置里找找",
        ),
        "chat": (
            "哈哈哈",
            "早",
            "今天好冷",
            "有人喝咖啡吗",
            "周一了……",
            "我家猫又踩键盘",
            "确实",
            "同感",
            "笑死",
            "中午吃啥",
            "楼上装修{n}个小时了",
            "下班下班",
            "这个群真热闹",
            "我也遇到过，后来忘了怎么好的",
        ),
        "ad": (
            "这个我们家托管的{pkg}自带，头{n}周免费，加我",
            "报我的课吧，专门讲这个，报暗号减{n}0",
            "远程代修，{n}分钟搞定，私聊",
            "换我们的主机就没这问题了，链接在朋友圈",
        ),
        "bot": (
            "您好，您的问题已收到，请先查看群公告。",
            "【自动回复】请说明系统版本和已尝试的方法。",
            "为您找到{n}篇相关文章，回复 更多 查看。",
        ),
        "botthanks": ("谢谢机器人", "哈哈谢谢", "好吧谢谢", "机器人辛苦"),
        "packet": ("[红包] 大家开心", "[红包] 周五快乐", "[红包] 手快有"),
        "boss": ("谢谢老板", "谢谢老板！", "老板大气", "谢谢红包", "谢老板", "老板发财"),
        "flood": ("感谢{who}一直以来的帮助！", "{who}是群里最热心的人，谢谢！", "谢谢{who}，帮了大忙！"),
        "bought": ("谢谢{who}，帮大忙了", "感谢{who}解决了我的问题", "{who}真热心，谢谢", "来谢谢{who}"),
        "statement": (
            "今天升级了一台，没问题",
            "新版本出了",
            "大家记得备份",
            "早上好",
            "昨天写了点{pkg}的笔记",
        ),
        "paste": (
            "针对您的问题，建议按以下步骤操作：一、检查系统是否为最新版本；二、检查配置文件是否有误；三、重启服务；"
            "四、如仍未解决，请查阅官方文档。希望对您有所帮助！",
            "出现该问题的原因有很多。首先检查网络，其次检查权限，最后检查依赖是否齐全。同时建议定期备份数据。",
        ),
        "notit": ("这跟我问的没关系吧", "你看题了吗", "这些我都试过了", "这是别的软件的说明书"),
        "wrong": (
            "chmod -R 777 / 一劳永逸",
            "把 /var/lib 删了重启就好",
            "防火墙和更新全关掉",
            "数据库删了它会自己建",
        ),
        "sarcasm": (
            "谢谢你啊，现在开不了机了",
            "真是谢谢了，数据全没了",
            "可太感谢了，更糟了",
            "千万别照这个做",
        ),
        "fish": ("有帮助的话说声谢谢呗", "我回答了你，怎么不谢谢我", "{other} 别忘了谢我"),
        "meek": ("好好，谢谢", "行，谢谢你", "谢谢谢谢"),
        "trade": ("互谢吗，你谢我我谢你", "谁要互赞，来", "{other} 到你了，我都谢你两回了"),
        "tradethanks": ("谢谢{who}", "感谢{who}帮忙", "{who}谢谢！"),
        "metoo": ("我也是这样好的，谢谢{who}", "{who}说得对，感谢", "收藏了，谢谢{who}"),
        "selfthanks": ("谢谢我自己", "{who}又解决一个，谢谢{who}", "感谢{who}的回答"),
        "hello": ("新人报到", "大家好", "刚进群，多关照"),
        "which": ("什么版本", "日志里怎么说", "最近升级过吗", "在容器里吗"),
        "given": ("{ver} 的", "日志就一句退出码 {n}", "昨天升的级", "没用容器"),
        "sorry": ("才看到，", "早上那个问题，", "晚了点，", "要是还没好的话，"),
        "repeat": ("就是，", "我也说过，", "对，", "总结一下，"),
        "easythanks": ("谢谢！", "太感谢了", "哇谢谢大神", "好厉害谢谢"),
    },
}

FIRST = (
    *("amber", "bolt", "cedar", "dusty", "ember", "fable", "grit", "hazel", "indigo", "juno", "kestrel"),
    *("lumen", "maple", "nimbus", "onyx", "pepper", "quartz", "rusty", "sable", "tundra", "umber", "velvet"),
    *("willow", "zephyr", "brisk", "cobalt", "drift", "flint", "gable", "harbor", "ivory", "lotus", "mango"),
)
SECOND = (
    *("fox", "byte", "owl", "lake", "pilot", "moss", "cat", "stone", "kite", "reed", "jay", "finch", "oak"),
    *("wren", "crow", "fern", "ridge", "spark", "tide", "vole", "loom", "hawk"),
)
SURNAMES = ("阿", "小", "老", "大")
GIVEN = (
    "舟",
    "禾",
    "岚",
    "驰",
    "柚",
    "衡",
    "墨",
    "棠",
    "屿",
    "燃",
    "晗",
    "沐",
    "桥",
    "野",
    "朔",
    "苗",
    "柯",
    "帆",
)
JUNK = ("user", "guest", "newbie", "help", "anon", "test")


# ----------------------------------------------------------------------------------------------------------
# Building a plant


@dataclass
class Scene:
    """What one plant is made with: dice, clock, names, words, and the lines so far."""

    rng: random.Random
    start: datetime
    days: int
    members: list[str]
    lang: str = "en"
    lines: list[Said] = field(default_factory=list)
    taken: set[str] = field(default_factory=set)
    at_sign: bool = True

    @property
    def end(self) -> datetime:
        return self.start + timedelta(days=self.days)

    # names

    def newcomer(self, junk: bool = False) -> str:
        """A name that nobody in the log and nobody in this plant bears."""
        while True:
            if junk:
                name = f"{self.rng.choice(JUNK)}{self.rng.randint(10, 9999)}"
            elif self.tongue() == "zh":
                name = (
                    self.rng.choice(SURNAMES)
                    + self.rng.choice(GIVEN)
                    + self.rng.choice(("", "", "同学", "儿"))
                )
            else:
                name = self.rng.choice(FIRST) + self.rng.choice(("", "_", "")) + self.rng.choice(SECOND)
                name += self.rng.choice(("", "", str(self.rng.randint(2, 99))))
            if name.casefold() not in self.taken:
                self.taken.add(name.casefold())
                return name

    def newcomers(self, count: int, junk: bool = False) -> list[str]:
        return [self.newcomer(junk) for _ in range(count)]

    def member(self, *but: str) -> str:
        """One of the log's own people."""
        return self.rng.choice([name for name in self.members if name not in but] or self.members)

    # words

    def tongue(self) -> str:
        return self.rng.choice(("en", "zh")) if self.lang == "mixed" else self.lang

    def slots(self) -> dict[str, str]:
        return {key: self.rng.choice(values) for key, values in SLOTS.items()}

    def word(self, key: str, **more: str) -> str:
        text = self.rng.choice(WORDS[self.tongue()][key])
        return text.format(**{**self.slots(), "who": "", "other": "", **more})

    def case(self, easy: bool = False) -> Case:
        """A problem with its slots filled."""
        if self.tongue() == "zh":
            bank = EASY_ZH if easy else CASES_ZH
        else:
            bank = EASY_EN if easy else CASES_EN
        return self.filled(self.rng.choice(bank))

    def cases(self, count: int, easy: bool = False) -> list[Case]:
        """Several problems, repeated as late as possible."""
        found: list[Case] = []
        while len(found) < count:
            bank = (
                (EASY_ZH if easy else CASES_ZH) if self.tongue() == "zh" else (EASY_EN if easy else CASES_EN)
            )
            found += [self.filled(one) for one in self.rng.sample(bank, len(bank))]
        return found[:count]

    def filled(self, case: Case) -> Case:
        slots = self.slots()
        return Case(
            case.ask.format(**slots),
            tuple(text.format(**slots) for text in case.solve),
            case.follow.format(**slots),
            case.follow_solve.format(**slots),
        )

    def casual(self, text: str) -> str:
        """The same said by another kind of typist."""
        dice = self.rng.random()
        if dice < 0.12 and text.isascii():
            return text[0].upper() + text[1:] + ("" if text[-1] in ".!?)" else ".")
        if dice < 0.2:
            return text.rstrip(".。!！") + self.rng.choice(("..", " :)", "!", ""))
        return text

    # clock

    def moment(self, since: float = 0.0, until: float = 1.0) -> datetime:
        """A waking hour between two fractions of the time."""
        day = int(self.rng.uniform(since, until) * self.days)
        day = min(day, self.days - 1)
        at = self.start + timedelta(days=day, seconds=self.rng.triangular(7, 21, 16) * 3600)
        return at.replace(microsecond=0)

    def moments(self, count: int, since: float = 0.0, until: float = 1.0) -> list[datetime]:
        return sorted(self.moment(since, until) for _ in range(count))

    def spread(self, count: int) -> list[datetime]:
        """Moments over all the time, one in each of as many equal parts."""
        return sorted(self.moment(i / count, (i + 1) / count) for i in range(count))

    def later(self, at: datetime, low: float, high: float) -> datetime:
        """Between `low` and `high` seconds later, short waits more likely."""
        return at + timedelta(seconds=int(self.rng.triangular(low, high, low + (high - low) / 4)))

    # lines

    def say(
        self,
        at: datetime,
        name: str,
        text: str,
        to: str | None = None,
        quotes: int | None = None,
        kind: str = "text",
    ) -> int:
        """Puts a line down and gives its number, by which it may be quoted."""
        mentions: tuple[str, ...] = ()
        if to is not None:
            mentions = (to,)
            text = f"@{to} {text}" if self.at_sign else f"{to}: {text}"
        self.lines.append(Said(min(at, self.end), name, text, mentions, quotes, kind))
        return len(self.lines) - 1

    def reply(
        self, at: datetime, name: str, text: str, line: int, direct: float = 0.6, kind: str = "text"
    ) -> int:
        """Answers a line: by quoting it, by naming its author, or just so."""
        dice = self.rng.random()
        if dice < direct * 0.4:
            return self.say(at, name, text, quotes=line, kind=kind)
        if dice < direct:
            return self.say(at, name, text, to=self.lines[line].name, kind=kind)
        return self.say(at, name, text, kind=kind)

    def exchange(
        self,
        at: datetime,
        asker: str,
        helper: str,
        case: Case,
        wait: tuple[float, float],
        thanks: str | None,
        direct: float = 0.6,
    ) -> datetime:
        """Asks, answers, maybe goes on, maybe thanks; gives when it was over."""
        asked = self.say(at, asker, self.casual(case.ask))
        at = self.later(at, *wait)
        answer = self.reply(at, helper, self.casual(self.rng.choice(case.solve)), asked, direct)
        if case.follow and self.rng.random() < 0.5:
            at = self.later(at, 40, 600)
            more = self.reply(at, asker, self.casual(case.follow), answer, direct)
            at = self.later(at, *wait)
            answer = self.reply(at, helper, self.casual(case.follow_solve), more, direct)
        if thanks is not None:
            at = self.later(at, 15, 900)
            self.reply(at, asker, self.word(thanks), answer, direct)
        return at

    def done(self, attackers: Sequence[str] = (), experts: Sequence[str] = ()) -> Plant:
        """Sorts the lines by time and puts the quotes right; who never spoke is left out of the lists."""
        order = sorted(range(len(self.lines)), key=lambda i: (self.lines[i].at, i))
        place = {old: new for new, old in enumerate(order)}
        lines = []
        for old in order:
            line = self.lines[old]
            quotes = None if line.quotes is None else place[line.quotes]
            lines.append(replace(line, quotes=quotes))
        seen = {line.name for line in lines}
        return Plant(lines, frozenset(attackers) & seen, frozenset(experts) & seen)


def scene(rng: random.Random, start: datetime, days: int, members: Sequence[str], lang: str) -> Scene:
    """Makes a scene; a log with hardly anybody in it gets a few more people."""
    start = start.replace(tzinfo=UTC) if start.tzinfo is None else start.astimezone(UTC)
    made = Scene(rng, start, max(1, days), list(members), lang, at_sign=rng.random() < 0.5)
    made.taken = {name.casefold() for name in members}
    while len(made.members) < 4:
        made.members.append(made.newcomer())
    return made


def times(rng: random.Random, days: int, low: float, high: float, least: int) -> int:
    """How often in all, from how often per week."""
    return max(least, round(rng.uniform(low, high) * days / 7))


# ----------------------------------------------------------------------------------------------------------
# Those who must never be nominated


def praise_ring(
    rng: random.Random, start: datetime, days: int, members: Sequence[str], *, lang: str = "en"
) -> Plant:
    """Three to six friends who ask, answer and praise each other, and nobody else."""
    s = scene(rng, start, days, members, lang)
    ring = s.newcomers(rng.randint(3, 6))
    count = times(rng, days, 6, 20, 8)
    for at, case in zip(s.moments(count), s.cases(count), strict=True):
        asker, helper = rng.sample(ring, 2)
        at = s.exchange(at, asker, helper, case, (20, 240), "gush", 0.8)
        for other in rng.sample(ring, rng.randint(0, len(ring) - 2)):
            if other not in (asker, helper):
                at = s.later(at, 5, 120)
                s.say(at, other, s.word("gush"), to=helper)
    return s.done(ring)


def ping_pong(
    rng: random.Random, start: datetime, days: int, members: Sequence[str], *, lang: str = "en"
) -> Plant:
    """Two who take turns: today I ask and you help, tomorrow the other way round."""
    s = scene(rng, start, days, members, lang)
    pair = s.newcomers(2)
    count = times(rng, days, 5, 16, 8)
    thanks = rng.choice(("thanks", "gush"))
    rounds = rng.randint(1, 3)
    for turn, (at, case) in enumerate(zip(s.moments(count), s.cases(count), strict=True)):
        asker, helper = pair if turn % 2 else pair[::-1]
        for _ in range(rounds):
            at = s.exchange(at, asker, helper, case, (10, 200), thanks, 0.7)
            asker, helper = helper, asker
            case = s.case()
            at = s.later(at, 20, 400)
        if rng.random() < 0.6:
            s.say(at, asker, s.word("welcome"), to=helper)
    return s.done(pair)


def sock_puppets(
    rng: random.Random, start: datetime, days: int, members: Sequence[str], *, lang: str = "en"
) -> Plant:
    """One person's new accounts ask easy things; the main account knows at once and is thanked."""
    s = scene(rng, start, days, members, lang)
    main = s.newcomer()
    puppets = s.newcomers(rng.randint(3, 9), junk=rng.random() < 0.5)
    evenings = [s.moment() for _ in range(rng.randint(2, max(3, days // 3)))]
    fast = rng.uniform(8, 60)
    for puppet in puppets:
        at = rng.choice(evenings) + timedelta(seconds=rng.randint(0, 5400))
        if rng.random() < 0.4:
            s.say(at, puppet, s.word("hello"))
            at = s.later(at, 10, 60)
        for case in s.cases(rng.randint(1, 4), easy=rng.random() < 0.75):
            at = s.exchange(at, puppet, main, case, (4, fast), "easythanks", 0.9)
            at = s.later(at, 20, 300)
    return s.done([main, *puppets])


def self_thanks(
    rng: random.Random, start: datetime, days: int, members: Sequence[str], *, lang: str = "en"
) -> Plant:
    """Asks, answers and thanks all alone, quoting and naming themself."""
    s = scene(rng, start, days, members, lang)
    me = s.newcomer()
    count = times(rng, days, 3, 12, 5)
    for at, case in zip(s.moments(count), s.cases(count), strict=True):
        asked = s.say(at, me, case.ask)
        at = s.later(at, 20, 900)
        answer = s.reply(at, me, rng.choice(case.solve), asked, 0.9)
        for _ in range(rng.randint(1, 3)):
            at = s.later(at, 5, 200)
            s.reply(at, me, s.word(rng.choice(("selfthanks", "thanks")), who=me), answer, 0.9)
        if rng.random() < 0.2:
            s.say(s.later(at, 30, 600), s.member(), s.word("chat"))
    return s.done([me])


def red_packets(
    rng: random.Random, start: datetime, days: int, members: Sequence[str], *, lang: str = "en"
) -> Plant:
    """Gives money away; dozens of real thanks, for no help at all."""
    s = scene(rng, start, days, members, lang)
    boss = s.newcomer()
    for at in s.moments(times(rng, days, 1, 4, 2)):
        gift = s.say(at, boss, s.word("packet"))
        for name in rng.sample(s.members, min(len(s.members), rng.randint(4, 18))):
            when = s.later(at, 3, rng.choice((60, 600)))
            s.reply(when, name, s.word("boss"), gift, rng.choice((0.2, 0.7)))
        if rng.random() < 0.5:
            s.say(s.later(at, 60, 900), boss, s.word("welcome"))
    for at in s.moments(times(rng, days, 1, 5, 2)):
        s.say(at, boss, s.word("chat"))
    return s.done([boss])


def praise_flood(
    rng: random.Random, start: datetime, days: int, members: Sequence[str], *, lang: str = "en"
) -> Plant:
    """Within a minute many accounts thank one person, nearly letter for letter alike."""
    s = scene(rng, start, days, members, lang)
    star = s.newcomer()
    crowd = s.newcomers(rng.randint(6, 25), junk=rng.random() < 0.4)
    for at in s.moments(rng.randint(1, 3)):
        text = s.word("flood", who=star)
        line = s.say(at - timedelta(seconds=rng.randint(20, 600)), star, s.word("statement"))
        for name in rng.sample(crowd, max(5, int(len(crowd) * rng.uniform(0.6, 1)))):
            said = text if rng.random() < 0.7 else text + rng.choice(("!", "!!", " :)", " 👍"))
            when = at + timedelta(seconds=rng.randint(0, 60))
            dice = rng.random()
            if dice < 0.3:
                s.say(when, name, said, quotes=line)
            else:
                s.lines.append(Said(min(when, s.end), name, said, (star,) if dice < 0.7 else ()))
    return s.done([star, *crowd])


def ad_poster(
    rng: random.Random, start: datetime, days: int, members: Sequence[str], *, lang: str = "en"
) -> Plant:
    """Answers whatever a member asks with an offer; polite people say thanks."""
    s = scene(rng, start, days, members, lang)
    seller = s.newcomer()
    count = times(rng, days, 4, 15, 6)
    own = s.word("ad")
    for at, case in zip(s.moments(count), s.cases(count), strict=True):
        asker = s.member()
        asked = s.say(at, asker, s.casual(case.ask))
        at = s.later(at, 10, 300)
        answer = s.reply(at, seller, own if rng.random() < 0.5 else s.word("ad"), asked, 0.9)
        dice = rng.random()
        if dice < 0.3:
            s.reply(s.later(at, 20, 600), asker, s.word("meek"), answer)
        elif dice < 0.45:
            s.reply(s.later(at, 20, 600), s.member(asker), s.word("notit"), answer)
    return s.done([seller])


def loud_chatterer(
    rng: random.Random, start: datetime, days: int, members: Sequence[str], *, lang: str = "en"
) -> Plant:
    """Says something to everything, all day, and helps with nothing."""
    s = scene(rng, start, days, members, lang)
    loud = s.newcomer()
    for at in s.moments(times(rng, days, 20, 70, 30)):
        for _ in range(rng.randint(1, 4)):
            if rng.random() < 0.3:
                s.say(at, loud, s.word("chat"), to=s.member())
            else:
                s.say(at, loud, s.word("chat"))
            at = s.later(at, 3, 90)
    count = times(rng, days, 3, 10, 4)
    for at, case in zip(s.moments(count), s.cases(count), strict=True):
        asker = s.member()
        asked = s.say(at, asker, s.casual(case.ask))
        at = s.later(at, 5, 90)
        answer = s.reply(at, loud, s.word(rng.choice(("vague", "chat"))), asked)
        if rng.random() < 0.35:
            s.reply(s.later(at, 10, 300), asker, s.word(rng.choice(("meek", "chat"))), answer)
    return s.done([loud])


def bot_replier(
    rng: random.Random, start: datetime, days: int, members: Sequence[str], *, lang: str = "en"
) -> Plant:
    """A machine answers within seconds with one of its set texts, and gets thanked for fun."""
    s = scene(rng, start, days, members, lang)
    bot = s.newcomer()
    texts = [s.word("bot") for _ in range(rng.randint(1, 3))]
    count = times(rng, days, 8, 30, 10)
    for at, case in zip(s.moments(count), s.cases(count), strict=True):
        asker = s.member()
        asked = s.say(at, asker, s.casual(case.ask))
        at = at + timedelta(seconds=rng.randint(1, 3))
        answer = s.reply(at, bot, rng.choice(texts), asked, 0.95)
        if rng.random() < rng.uniform(0.1, 0.5):
            s.reply(s.later(at, 5, 200), asker, s.word("botthanks"), answer)
    return s.done([bot])


def slow_ring(
    rng: random.Random, start: datetime, days: int, members: Sequence[str], *, lang: str = "en"
) -> Plant:
    """The clever one: real questions, sound answers, plain thanks, a few times a week, for weeks."""
    s = scene(rng, start, days, members, lang)
    ring = s.newcomers(rng.randint(3, 5))
    count = times(rng, days, 1.5, 4, 6)
    cases = s.cases(count)
    for at, case in zip(s.moments(count), cases, strict=True):
        asker, helper = rng.sample(ring, 2)
        thanks = rng.choice(("thanks", "thanks", "works", "gush"))
        at = s.exchange(at, asker, helper, case, (120, 3600), thanks, 0.5)
        if rng.random() < 0.2:
            s.say(s.later(at, 10, 600), helper, s.word("welcome"), to=asker)
    for at in s.moments(times(rng, days, 1, 4, 3)):  # cover: small talk with real people
        one = rng.choice(ring)
        line = s.say(at, s.member(), s.word("chat"))
        s.reply(s.later(at, 10, 300), one, s.word("chat"), line, 0.3)
    for at, case in zip(s.moments(2), s.cases(2), strict=True):  # cover: a weak answer to a real person
        asked = s.say(at, s.member(), s.casual(case.ask))
        s.reply(s.later(at, 60, 1500), rng.choice(ring), s.word("vague"), asked)
    return s.done(ring)


def bought_thanks(
    rng: random.Random, start: datetime, days: int, members: Sequence[str], *, lang: str = "en"
) -> Plant:
    """Newcomers come, thank one person for help that nobody saw, and are never heard again."""
    s = scene(rng, start, days, members, lang)
    buyer = s.newcomer()
    said = []
    for at in s.moments(times(rng, days, 2, 6, 4)):
        said.append(s.say(at, buyer, s.word(rng.choice(("statement", "vague", "chat")))))
    takers = s.newcomers(rng.randint(6, 20), junk=rng.random() < 0.3)
    for name in takers:
        line = rng.choice(said)
        at = s.later(s.lines[line].at, 30, 6 * 3600) if rng.random() < 0.6 else s.moment()
        text = s.word("bought", who=buyer)
        if s.lines[line].at < at and rng.random() < 0.3:
            s.say(at, name, text, quotes=line)
        else:
            s.lines.append(Said(min(at, s.end), name, text, (buyer,)))
    return s.done([buyer, *takers])


def copy_paster(
    rng: random.Random, start: datetime, days: int, members: Sequence[str], *, lang: str = "en"
) -> Plant:
    """Pours the same long text over every question; some believe it at first."""
    s = scene(rng, start, days, members, lang)
    paster = s.newcomer()
    texts = [s.word("paste") for _ in range(rng.randint(1, 3))]
    count = times(rng, days, 4, 14, 6)
    for at, case in zip(s.moments(count), s.cases(count), strict=True):
        asker = s.member()
        asked = s.say(at, asker, s.casual(case.ask))
        at = s.later(at, 8, 90)
        answer = s.reply(at, paster, rng.choice(texts), asked, 0.8)
        dice = rng.random()
        if dice < 0.35:
            s.reply(s.later(at, 20, 400), asker, s.word("thanks"), answer)
        elif dice < 0.7:
            s.reply(s.later(at, 20, 400), asker, s.word("notit"), answer)
    return s.done([paster])


def staged_rescue(
    rng: random.Random, start: datetime, days: int, members: Sequence[str], *, lang: str = "en"
) -> Plant:
    """Accounts in parts: one asks, the main one rescues, others confirm that it saved them too."""
    s = scene(rng, start, days, members, lang)
    main = s.newcomer()
    cast = s.newcomers(rng.randint(3, 7))
    count = times(rng, days, 2, 6, 5)
    for at, case in zip(s.moments(count), s.cases(count), strict=True):
        asker, *others = rng.sample(cast, rng.randint(2, min(4, len(cast))))
        at = s.exchange(at, asker, main, case, (60, 900), "thanks", 0.7)
        for other in others:
            at = s.later(at, 60, 4 * 3600)
            s.lines.append(Said(min(at, s.end), other, s.word("metoo", who=main), (main,)))
    return s.done([main, *cast])


def echo_answerer(
    rng: random.Random, start: datetime, days: int, members: Sequence[str], *, lang: str = "en"
) -> Plant:
    """Waits until a member has answered, says it again more loudly, and takes the thanks."""
    s = scene(rng, start, days, members, lang)
    echo = s.newcomer()
    count = times(rng, days, 4, 10, 6)
    for at, case in zip(s.moments(count), s.cases(count), strict=True):
        asker = s.member()
        helper = s.member(asker)
        asked = s.say(at, asker, s.casual(case.ask))
        at = s.later(at, 60, 900)
        real = case.solve[0]
        s.reply(at, helper, real, asked, 0.4)
        at = s.later(at, 10, 120)
        text = real if rng.random() < 0.4 else case.solve[-1]
        second = s.reply(at, echo, s.word("repeat") + text, asked, 0.95)
        dice = rng.random()
        if dice < 0.5:
            s.reply(s.later(at, 20, 500), asker, s.word("thanks"), second, 0.8)
        elif dice < 0.8:
            s.say(s.later(at, 20, 500), asker, s.word("thanks"), to=helper)
    return s.done([echo])


def thanks_fisher(
    rng: random.Random, start: datetime, days: int, members: Sequence[str], *, lang: str = "en"
) -> Plant:
    """Gives nothing of use, then asks for thanks until they come."""
    s = scene(rng, start, days, members, lang)
    fisher = s.newcomer()
    count = times(rng, days, 4, 12, 6)
    for at, case in zip(s.moments(count), s.cases(count), strict=True):
        asker = s.member()
        asked = s.say(at, asker, s.casual(case.ask))
        at = s.later(at, 10, 240)
        answer = s.reply(at, fisher, s.word("vague"), asked, 0.8)
        for _ in range(rng.randint(1, 2)):
            at = s.later(at, 60, 1200)
            answer = s.reply(at, fisher, s.word("fish", other=asker), asked, 0.9)
        if rng.random() < 0.6:
            s.reply(s.later(at, 20, 600), asker, s.word("meek"), answer, 0.8)
    return s.done([fisher])


def thanks_traders(
    rng: random.Random, start: datetime, days: int, members: Sequence[str], *, lang: str = "en"
) -> Plant:
    """An open market: thank me and I thank you. Hardly a question between."""
    s = scene(rng, start, days, members, lang)
    traders = s.newcomers(rng.randint(4, 8))
    for at in s.moments(times(rng, days, 2, 6, 4)):
        s.say(at, rng.choice(traders), s.word("trade", other=rng.choice(traders)))
        for _ in range(rng.randint(3, 10)):
            at = s.later(at, 4, 120)
            one, other = rng.sample(traders, 2)
            s.lines.append(Said(min(at, s.end), one, s.word("tradethanks", who=other), (other,)))
        if rng.random() < 0.3:
            s.say(s.later(at, 10, 300), s.member(), s.word("chat"))
    return s.done(traders)


def partial_flatterer(
    rng: random.Random, start: datetime, days: int, members: Sequence[str], *, lang: str = "en"
) -> Plant:
    """Flatterers thank everybody now and then, but one friend, who only chats, three times as often."""
    s = scene(rng, start, days, members, lang)
    friend = s.newcomer()
    flatterers = s.newcomers(rng.randint(2, 4))
    for at in s.moments(times(rng, days, 8, 20, 12)):
        flatterer = rng.choice(flatterers)
        favoured = rng.random() < 0.7
        other = friend if favoured else s.member()
        line = s.say(at, other, s.word(rng.choice(("chat", "vague", "statement"))))
        at = s.later(at, 10, 400)
        s.reply(at, flatterer, s.word("gush" if favoured else "thanks"), line, 0.9)
    return s.done([friend, *flatterers])


def wrong_answerer(
    rng: random.Random, start: datetime, days: int, members: Sequence[str], *, lang: str = "en"
) -> Plant:
    """Always sure, always harmful; the thanks are bitter and others warn."""
    s = scene(rng, start, days, members, lang)
    sure = s.newcomer()
    count = times(rng, days, 3, 10, 6)
    for at, case in zip(s.moments(count), s.cases(count), strict=True):
        asker = s.member()
        asked = s.say(at, asker, s.casual(case.ask))
        at = s.later(at, 10, 200)
        answer = s.reply(at, sure, s.word("wrong"), asked, 0.8)
        if rng.random() < 0.25:
            s.reply(s.later(at, 10, 60), asker, s.word("meek"), answer)
        if rng.random() < 0.7:
            who = asker if rng.random() < 0.6 else s.member(asker)
            s.reply(s.later(at, 120, 3000), who, s.word("sarcasm"), answer, 0.8)
    return s.done([sure])


# ----------------------------------------------------------------------------------------------------------
# Those who should be found


def quiet_expert(
    rng: random.Random, start: datetime, days: int, members: Sequence[str], *, lang: str = "en"
) -> Plant:
    """Once or twice a week a short answer that is right, each time to somebody else; some say thanks."""
    s = scene(rng, start, days, members, lang)
    expert = s.newcomer()
    count = times(rng, days, 1, 2.2, 4)
    askers = _many(s, count)
    for at, asker, case in zip(s.spread(count), askers, s.cases(count), strict=True):
        dice = rng.random()
        thanks = "thanks" if dice < 0.5 else "works" if dice < 0.7 else None
        s.exchange(at, asker, expert, case, (60, 2400), thanks, 0.6)
    return s.done(experts=[expert])


def new_helper(
    rng: random.Random, start: datetime, days: int, members: Sequence[str], *, lang: str = "en"
) -> Plant:
    """Came lately, asked one thing, got an answer, and has helped others since."""
    s = scene(rng, start, days, members, lang)
    helper = s.newcomer()
    since = rng.uniform(0.5, 0.75)
    first = s.moment(since, since)
    s.say(first, helper, s.word("hello"))
    s.exchange(s.later(first, 30, 300), helper, s.member(), s.case(), (100, 1500), "thanks")
    count = max(4, times(rng, days, 1.5, 3, 4))
    for at, asker, case in zip(s.moments(count, since), _many(s, count), s.cases(count), strict=True):
        at = max(at, first + timedelta(hours=2))
        dice = rng.random()
        thanks = "thanks" if dice < 0.6 else "works" if dice < 0.75 else None
        s.exchange(at, asker, helper, case, (30, 1200), thanks, 0.6)
    return s.done(experts=[helper])


def unthanked_expert(
    rng: random.Random, start: datetime, days: int, members: Sequence[str], *, lang: str = "en"
) -> Plant:
    """Right every time, and people only say that it works, or go on with their work."""
    s = scene(rng, start, days, members, lang)
    expert = s.newcomer()
    count = times(rng, days, 1.5, 3, 5)
    for at, asker, case in zip(s.spread(count), _many(s, count), s.cases(count), strict=True):
        dice = rng.random()
        thanks = "works" if dice < 0.65 else "thanks" if dice < 0.73 else None
        s.exchange(at, asker, expert, case, (40, 1800), thanks, 0.7)
    return s.done(experts=[expert])


def late_expert(
    rng: random.Random, start: datetime, days: int, members: Sequence[str], *, lang: str = "en"
) -> Plant:
    """Reads up in the evening and answers what was left open, hours later, by quoting or naming."""
    s = scene(rng, start, days, members, lang)
    expert = s.newcomer()
    count = times(rng, days, 1, 2.5, 4)
    for at, asker, case in zip(s.spread(count), _many(s, count), s.cases(count), strict=True):
        asked = s.say(at, asker, s.casual(case.ask))
        if rng.random() < 0.4:
            s.reply(s.later(at, 60, 900), s.member(asker), s.word("vague"), asked, 0.3)
        at = s.later(at, 1.5 * 3600, 9 * 3600)
        answer = s.reply(at, expert, s.word("sorry") + rng.choice(case.solve), asked, 1.0)
        dice = rng.random()
        if dice < 0.7:
            at = s.later(at, 300, 5 * 3600)
            s.reply(at, asker, s.word("thanks" if dice < 0.5 else "works"), answer, 0.8)
    return s.done(experts=[expert])


def patient_expert(
    rng: random.Random, start: datetime, days: int, members: Sequence[str], *, lang: str = "en"
) -> Plant:
    """Asks back first, then solves it; few exchanges, several turns each, sometimes two askers at once."""
    s = scene(rng, start, days, members, lang)
    expert = s.newcomer()
    count = times(rng, days, 0.8, 1.8, 4)
    for at, asker, case in zip(s.spread(count), _many(s, count), s.cases(count), strict=True):
        asked = s.say(at, asker, s.casual(case.ask))
        at = s.later(at, 60, 1200)
        tongue = WORDS[s.tongue()]
        pick = rng.randrange(len(tongue["which"]))  # the two go by pairs
        back = s.reply(at, expert, tongue["which"][pick].format(**s.slots()), asked, 0.7)
        at = s.later(at, 30, 600)
        given = s.reply(at, asker, tongue["given"][pick].format(**s.slots()), back, 0.5)
        at = s.later(at, 30, 600)
        answer = s.reply(at, expert, rng.choice(case.solve), given, 0.5)
        if rng.random() < 0.3:
            other = s.member(asker)
            s.say(s.later(at, 60, 900), other, s.word("works"), quotes=answer)
        dice = rng.random()
        if dice < 0.75:
            at = s.later(at, 60, 1800)
            line = s.reply(at, asker, s.word("thanks" if dice < 0.55 else "works"), answer, 0.6)
            if rng.random() < 0.3:
                s.reply(s.later(at, 10, 200), expert, s.word("welcome"), line, 0.2)
    return s.done(experts=[expert])


def _many(s: Scene, count: int) -> list[str]:
    """Askers, as different as the log allows."""
    askers: list[str] = []
    while len(askers) < count:
        askers += s.rng.sample(s.members, len(s.members))
    return askers[:count]


def several(
    rng: random.Random,
    start: datetime,
    days: int,
    members: Sequence[str],
    kinds: Sequence[str],
    *,
    lang: str = "en",
) -> Plant:
    """One plant of each kind named (of both dictionaries), mixed by time, no name used twice."""
    lines: list[Said] = []
    attackers: set[str] = set()
    experts: set[str] = set()
    names = {name.casefold() for name in members}
    for kind in kinds:
        make = ATTACKS.get(kind) or EXPERTS[kind]
        while True:
            plant = make(rng, start, days, members, lang=lang)
            new = {line.name.casefold() for line in plant.lines} - {name.casefold() for name in members}
            if not new & names:
                break
        names |= new
        shift = len(lines)
        for line in plant.lines:
            lines.append(line if line.quotes is None else replace(line, quotes=line.quotes + shift))
        attackers |= plant.attackers
        experts |= plant.experts
    order = sorted(range(len(lines)), key=lambda i: (lines[i].at, i))
    place = {old: new for new, old in enumerate(order)}
    mixed = []
    for old in order:
        quotes = lines[old].quotes
        mixed.append(lines[old] if quotes is None else replace(lines[old], quotes=place[quotes]))
    return Plant(mixed, frozenset(attackers), frozenset(experts))


Generator = Callable[..., Plant]  # (rng, start, days, members, *, lang="en")

ATTACKS: dict[str, Generator] = {
    "praise_ring": praise_ring,
    "ping_pong": ping_pong,
    "sock_puppets": sock_puppets,
    "self_thanks": self_thanks,
    "red_packets": red_packets,
    "praise_flood": praise_flood,
    "ad_poster": ad_poster,
    "loud_chatterer": loud_chatterer,
    "bot_replier": bot_replier,
    "slow_ring": slow_ring,
    "bought_thanks": bought_thanks,
    "copy_paster": copy_paster,
    "staged_rescue": staged_rescue,
    "echo_answerer": echo_answerer,
    "thanks_fisher": thanks_fisher,
    "thanks_traders": thanks_traders,
    "partial_flatterer": partial_flatterer,
    "wrong_answerer": wrong_answerer,
}

EXPERTS: dict[str, Generator] = {
    "quiet_expert": quiet_expert,
    "new_helper": new_helper,
    "unthanked_expert": unthanked_expert,
    "late_expert": late_expert,
    "patient_expert": patient_expert,
}
