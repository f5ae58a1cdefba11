# ڈیسک کے اپنے الفاظ۔ کام چلاؤ ترجمہ: کسی اہلِ زبان نے ابھی نظرِ ثانی نہیں کی۔

## ہر صفحے کا ڈھانچا

skip = مواد پر جائیں
exercise = مشق
exercise-says = ان صفحات پر کچھ بھی حقیقی نہیں۔ یہاں کا کوئی عمل کسی کو پابند نہیں کرتا۔
product = میثاق
menu = فہرست
index = فہرست
search = تلاش، یا حوالہ چسپاں کریں
languages = زبانیں
nav-today = آج
nav-matters = معاملات
nav-reference = حوالہ
overview = جائزہ
record = ریکارڈ
sign-out = باہر جائیں
foot-record = ریکارڈ اندراج { $size } تک حتمی
foot-marked = توثیق { $time }
foot-nothing-final = ریکارڈ میں ابھی کچھ حتمی نہیں
foot-no-recognition = یہاں داخل ہونا، نشست، کلید، سکرین پر نام یا کسی دوسرے دستخط کے ساتھ دستخط کسی ریاست، حکومت یا دعوے کو تسلیم کرنے کے مترادف نہیں۔
foot-order-alphabetical = فریقوں کی ترتیب حروفِ تہجی سے ہے۔
foot-order-alternat = ہر فریق اپنی نقل میں پہلے آتا ہے۔
foot-times = اوقات معاہدے کی گھڑی کے ہیں، { $zone }؛ UTC تاریخ کے ساتھ درج ہے۔
foot-reviewed = یہ زبان: کام چلاؤ متن۔
foot-not-reviewed = یہ زبان: کام چلاؤ ترجمہ، کسی اہلِ زبان نے ابھی نظرِ ثانی نہیں کی۔
utc = UTC
agreement-time = معاہدے کا وقت
none = —

## داخلہ

in-title = { $who } کا ڈیسک کھولیں
in-says = یہ لنک ایک ڈیسک کو، اسی مشین پر، ایک بار کھولتا ہے۔ جس کے پاس یہ ہو وہ وہی پڑھتا ہے جو { $who } پڑھ سکتا ہے۔ اس سے کوئی دستخط نہیں ہوتا۔
in-open = ڈیسک کھولیں
in-open-says = لنک پھر کام نہیں کرے گا
in-over-title = یہ لنک استعمال ہو چکا، یا کبھی تھا ہی نہیں
in-over-says = ایک لنک ڈیسک کو ایک بار کھولتا ہے۔ کچھ ضائع نہیں ہوا: جو یہ نوڈ چلاتا ہے وہ اسے دوبارہ شروع کر کے نیا لنک بناتا ہے۔
in-needed-title = یہ ڈیسک ان کے لیے ہے جو داخل ہو چکے ہیں
in-needed-says = وہ لنک استعمال کریں جو نوڈ نے شروع ہوتے وقت دکھایا تھا۔ آپ کا لکھا کچھ ضائع نہیں ہوا۔

## جائزہ

asked-title = { $who } سے کیا کہا گیا ہے
asked-count =
    { $n ->
        [0] { $who } سے کچھ نہیں کہا گیا۔
        [one] ایک قدم۔
       *[other] { $n } قدم۔
    }
asked-overdue =
    { $n ->
        [one] ایک میں تاخیر ہے۔
       *[other] { $n } میں تاخیر ہے۔
    }
asked-caption = { $who } سے مطلوب اقدامات، کم وقت والے پہلے
asked-empty = { $who } سے کچھ نہیں کہا گیا۔
asked-empty-says = ریکارڈ { $time } تک حتمی ہے۔ جو دوسروں نے ابھی درج نہیں کیا وہ نظر نہیں آتا۔
rights = حقوق جن کی مدت ختم ہوتی ہے؛ کسی پر زور نہیں
others = جس کا دوسروں سے انتظار ہے
others-note = جواب نہ آنا اعتراف نہیں۔ مدت تعمیل سے گنی جاتی ہے، اندراج سے نہیں۔
newest = ریکارڈ پر نیا
col-left = باقی وقت
col-step = قدم
col-matter = معاملہ
col-asked-of = کس سے
col-due = آخری وقت
col-silence = خاموشی کی صورت میں
col-time = وقت
col-what = کیا
col-reference = حوالہ
col-state = حالت
col-since = کب سے
col-next = اگلا قدم
col-held-by = کس کے ذمے
col-strand = کس کا

left-overdue = { $length } تاخیر
left-passed = وقت گزر چکا
left-unserved = ابھی شروع نہیں
left-vacant = نشست کا انتظار
left-still = رکا ہوا
left-ran-out = تب تک ریکارڈ پر نہیں
left-none = کوئی مدت نہیں
closes-at = وقت پر دیا گیا جواب { $time } تک پہنچ سکتا ہے
at-latest = زیادہ سے زیادہ { $time } تک

silence-noted = دکھایا جاتا ہے کہ کس نے نہیں کیا
silence-proceed = اس کے بغیر آگے بڑھتا ہے: { $state }
silence-passes = آگے بڑھتا ہے: { $state }
silence-escalate = اوپر جاتا ہے: { $state }
silence-adopt = متفقہ سمجھا جاتا ہے: { $state }
silence-lapse = ختم ہو جاتا ہے: { $state }

## فہرستیں

list-open-of = { $open } کھلے، { $over } ختم۔
view-open = کھلے، { $n }
view-ours = ہمارے ذمے، { $n }
view-all = سب، { $n }
views = مناظر
list-caption = { $title }، کم وقت والے پہلے
list-empty = اس منظر میں کچھ نہیں: { $title }۔
pages = { $all } میں سے { $from } تا { $to }
earlier = پیچھے
later = آگے
as-csv = CSV
as-csv-says = جو اس منظر میں ہے

## معاملہ

opened-by = { $who } نے { $date } کو کھولا
without-prejudice = بلا تعصب: کوئی اس کا حوالہ نہیں دیتا؛ جو دیا گیا وہ صرف شریک ہونے والوں کو جاتا ہے۔
tier-prejudice = بلا تعصب
taken-back = جس عمل نے اسے کھولا تھا وہ اس کے شریک نے واپس لے لیا۔
version = معاہدے کے نسخے { $n } کے تحت چلتا ہے
time-left = { $length } باقی
due-at = آخری وقت { $time }
stands = کہاں تک پہنچا
happened = کیا ہوا، نیا پہلے
given = اس میں کیا کہا گیا
no-clock = اس میں اب کسی سے کچھ نہیں کہا گیا۔
may = { $who } اب کیا کر سکتا ہے
may-nothing = اس میں اب کوئی قدم { $who } کا نہیں۔
may-from-terminal = فی الحال اقدامات پر دستخط اس نوڈ کی کمانڈ لائن سے ہوتے ہیں:
rests = ٹھہرا ہوا
over = ختم
waits = انتظار میں
now = اب

event-opened = { $who } نے اسے کھولا
event-opened-late = تاخیر: مقررہ وقت کے بعد کھولا گیا
event-entered = { $state }
event-reopened = پھر { $state }، باقی وقت کے ساتھ: جس نے اسے ہلایا تھا وہ واپس لے لیا گیا
event-stepped = { $who }: { $step }
event-stepped-choice = { $who }: { $step }، { $choice }
event-spoke = { $who }: { $step }۔ دوسروں کی رائے بھی لازم ہے۔
event-spoke-choice = { $who }: { $step }، { $choice }۔ دوسروں کی رائے بھی لازم ہے۔
event-split = { $step } پر فیصلہ کرنے والے اب متفق نہیں ہو سکتے
event-corrected = پہلے کا ایک اندراج اس کے لکھنے والے نے درست کیا
event-late-so-far = اب تک کے اندراج کے مطابق تاخیر: { $who } کا { $step }
event-late = تاخیر: { $who } کا { $step }
event-in-time = آخرکار وقت پر: { $who } کا { $step }
event-held = مدت کے بعد دیا گیا: { $who } کا { $step }؛ تبھی شمار ہو گا جب ثابت ہو کہ پہلے حوالے کیا گیا تھا
event-served = { $who } پر تعمیل ہوئی
event-deemed-served = { $who } پر تعمیل سمجھی گئی
event-clock = { $step } کا آخری وقت { $time }
event-clock-stands = { $step } کی گھڑی رکی ہوئی ہے
event-ran-out = وقت پر کوئی جواب ریکارڈ پر نہ تھا: { $step }۔ یہ اعتراف نہیں
event-time-came = { $step } کا وقت آ گیا
event-moved = { $step } کا آخری وقت اب { $time }
event-flagged = یہ واپس لی گئی بات پر قائم ہے، اور دوسرے آگے بڑھ چکے ہیں: رعایت مطلوب ہو سکتی ہے
event-set-aside = کالعدم: واپس { $state }، پورے وقت کے ساتھ
event-suspended = گھڑیاں { $time } تک رکی ہیں
event-resumed = گھڑیاں پھر چل رہی ہیں
event-amended = معاہدہ نسخے { $n } کے تحت جاری ہے
event-not-amended = ترمیم بے اثر ہے: جو وہ لاتی ہے وہ چل نہیں سکتا
event-closed = اب کوئی معاملہ نہیں کھل سکتا؛ کھلے معاملات جاری ہیں
entry = اندراج { $n }

## ریکارڈ

record-title = کیا ریکارڈ مکمل ہے
record-says = اندراج { $size } تک حتمی، توثیق { $time }۔ یہاں دوبارہ چلایا گیا؛ کچھ بگڑا نہیں۔
record-says-malformed =
    { $n ->
        [one] اندراج { $size } تک حتمی، توثیق { $time }۔ ایک اندراج بگڑا ہوا ہے: رجسٹرار نے وہ لے لیا جو رد کرنا تھا۔
       *[other] اندراج { $size } تک حتمی، توثیق { $time }۔ { $n } اندراج بگڑے ہوئے ہیں: رجسٹرار نے وہ لے لیا جو رد کرنا تھا۔
    }
record-none = ابھی کچھ حتمی نہیں۔
checked = کیا جانچا گیا
check-entries =
    { $n ->
        [one] ایک اندراج، یہاں اس کے بائٹس سے دوبارہ چلایا گیا
       *[other] { $n } اندراج، یہاں ان کے بائٹس سے دوبارہ چلائے گئے
    }
check-cosigned = تازہ ترین چیک پوائنٹ پر { $who } کے دستخط ہیں
check-pending =
    { $n ->
        [0] کوئی اندراج اگلے نشان کا منتظر نہیں
        [one] 1 اندراج حتمی ہونے کے لیے اگلے نشان کا منتظر ہے
       *[other] { $n } اندراج حتمی ہونے کے لیے اگلے نشان کے منتظر ہیں
    }
check-malformed =
    { $n ->
        [0] کوئی بگڑا ہوا اندراج نہیں
        [one] 1 بگڑا ہوا اندراج
       *[other] { $n } بگڑے ہوئے اندراج
    }
check-whole = پورا فولڈر نیچے کی کمانڈ سے جانچا جاتا ہے؛ وہ کسی پر بھروسا نہیں کرتی، اور نیٹ ورک کے بغیر چلتی ہے
figures = اعداد میں
fig-register = رجسٹر
fig-voice = زبانی نام
fig-size = حجم، توثیق کے مطابق
fig-held = یہاں موجود اندراج
fig-root = جڑ
fig-rules = قواعد
newest-entries = تازہ اندراج
col-no = نمبر
col-by = کس نے
col-kind = قسم
pending = منتظر
final = حتمی

## جب کچھ غلط ہو

error-not-found = ایسا کوئی صفحہ نہیں
error-not-found-says = کچھ ضائع نہیں ہوا۔ حوالہ CASE-26-0001-K جیسا ہوتا ہے؛ اسے تلاش کے خانے میں چسپاں کریں۔
error-reference = اس حوالے کا کوئی معاملہ نہیں
error-reference-says = { $text } اس نوڈ کے حتمی ریکارڈ پر نہیں۔ آخری حرف باقی کی جانچ کرتا ہے: دوبارہ سنیں اور ملائیں۔
error-kind = معاہدے میں اس قسم کا معاملہ نہیں
error-broken = یہ صفحہ نہ بن سکا
error-broken-says = پروگرام کی خرابی۔ کچھ نہیں بدلا۔ جو یہ نوڈ چلاتا ہے اسے لاگ میں ملے گی۔
error-method = یہ یہاں نہیں ہو سکتا
error-back = جائزے پر واپس
