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
new = کچھ نیا شروع کریں
unsigned = لکھا ہوا، دستخط کے بغیر
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

## The page before several desks

start-title = آپ کون بننا چاہتے ہیں؟
start-says = اس مشین پر پانچ ڈیسک چل رہے ہیں، ہر ایک کا اپنا نوڈ اور ریکارڈ کی اپنی نقل ہے۔ سات ہفتوں کی کہانی ان میں ہے۔ سب کچھ فرضی ہے؛ جو چاہیں دبائیں۔
start-work = { $who } کے طور پر کام کریں
start-work-says = یہ ڈیسک اسی براؤزر میں کھلتا ہے
start-outside = ڈیسک کے بغیر پڑھنے والا
start-outside-says = ایک نوڈ اپنا ریکارڈ ہر کسی کو دکھاتا ہے۔ یہ وہاں لکھیں جہاں کمانڈ لکھی جاتی ہے:
start-try = پانچ منٹ میں آزمانے کی چار چیزیں
start-try-begin = کسی ایک ڈیسک پر کوئی معاملہ شروع کریں اور دستخط کریں۔ چند سیکنڈ بعد وہ دوسرے ڈیسکوں پر بھی ہوگا۔
start-try-answer = اس میں جس سے کچھ مطلوب ہے اس کے ڈیسک پر جواب دیں: گھڑی ہر ڈیسک پر رک جاتی ہے۔
start-try-check = ریکارڈ کی کسی نقل میں ایک حرف بدلیں: جانچ اسے پکڑ لیتی ہے۔

## داخلہ

in-title = { $who } کا ڈیسک کھولیں
in-says = یہ لنک ایک ڈیسک کو، اسی مشین پر، ایک بار کھولتا ہے۔ جس کے پاس یہ ہو وہ وہی پڑھتا ہے جو { $who } پڑھ سکتا ہے، اور یہاں رکھی کلیدوں سے { $who } کی طرف سے دستخط کرتا ہے۔
in-open = ڈیسک کھولیں
in-open-says = لنک پھر کام نہیں کرے گا
in-over-title = یہ لنک استعمال ہو چکا، یا کبھی تھا ہی نہیں
in-over-says = ایک لنک ڈیسک کو ایک بار کھولتا ہے۔ کچھ ضائع نہیں ہوا: جو یہ نوڈ چلاتا ہے وہ “mithaq node link” سے نیا لنک بناتا ہے۔
in-needed-title = یہ ڈیسک ان کے لیے ہے جو داخل ہو چکے ہیں
in-needed-says = پاس‌کی سے داخل ہوں، یا نوڈ چلانے والے کے لنک سے: “mithaq node link” ایک بناتا ہے۔ آپ کا لکھا کچھ ضائع نہیں ہوا۔

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
newest-new = آپ کے پچھلی بار دیکھنے کے بعد نیا: { $n }
newest-is-new = نیا
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
left-over = { $length } سے ختم
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
list-open-of-filtered = مطلوبہ میں سے { $open } کھلے، { $over } ختم۔
filter = چھانٹی
filter-any = کوئی بھی
filter-since = کب سے: آغاز
filter-until = کب سے: انجام
filter-show = دکھائیں
filter-none = سب دکھائیں
view-open = کھلے، { $n }
view-ours = ہمارے ذمے، { $n }
view-all = سب، { $n }
views = مناظر
list-caption = { $title }، کم وقت والے پہلے
list-empty = اس منظر میں کچھ نہیں: { $title }۔
pages = { $all } میں سے { $from } تا { $to }
earlier = پچھلا
later = اگلا
as-csv = CSV
as-csv-says = جو اس منظر میں ہے

## فیڈ

feed = فیڈ
feed-title = { $who } سے متعلق
feed-asked = { $reference }: ایک قدم درکار ہے
feed-half = { $reference }: آدھی مدت گزر گئی
feed-overdue = { $reference }: مدت گزر چکی
feed-served = { $reference }: پہنچا دیا گیا
feed-says = ایسے پروگرام کے لیے پتا جو فیڈ (Atom) پڑھتا ہے۔ اس میں حوالے اور اوقات ہیں، کہی ہوئی بات کچھ نہیں۔ جس کے پاس پتا ہو وہ انہیں پڑھ سکتا ہے، جب تک آپ اسے ختم نہ کریں۔
feed-new = پتا بنائیں
feed-once = یہ پتا ایک بار دکھایا جاتا ہے۔ اسے اس ڈیسک کے نام کے بعد پروگرام میں نقل کریں۔
feed-known = کھلے پتے
feed-made = کب بنا
feed-hash = کلید کا ہیش
feed-end = ختم کریں
feed-ours = اسی نشست میں

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
words-opened = الفاظ میں، اسی نوڈ پر کھولا گیا؛ کسی کو نہیں بتایا جاتا کہ پڑھا گیا۔
words-sealed = اس کے ساتھ مہر بند، یہاں نہیں کھولا گیا:
may = { $who } اب کیا کر سکتا ہے
may-nothing = اس میں اب کوئی قدم { $who } کا نہیں۔
takes = اس کے لیے لازم ہے: { $by }۔
may-with-words = اپنے الفاظ کے ساتھ
may-sends-nothing = دستخط سے پہلے کچھ نہیں بھیجا جاتا
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
event-split = اس کے ساتھ { $step } سے کچھ اور نہیں نکل سکتا، دوسرے جو بھی کہیں
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

## فارم

form-new = نیا: { $title }
form-not-yours = اس پر ابھی { $who } دستخط نہیں کر سکتا: یہ { $by } کا ہے۔ پہلے سے لکھا جا سکتا ہے؛ کچھ ضائع نہیں ہوتا۔
form-tier = اس پر کتنی آزادی سے بات ہو سکتی ہے
tier-record = ریکارڈ پر
tier-record-says = ریکارڈ کا حصہ؛ اس کا حوالہ دیا جا سکتا ہے
tier-prejudice-says = کوئی اس کا حوالہ نہیں دیتا؛ جو دیا گیا وہ صرف شریک ہونے والوں کو جاتا ہے اور کچھ عرصے بعد مٹا دیا جاتا ہے؛ یہ کہ بات ہوئی، ریکارڈ پر رہتا ہے
form-choice = کیا کہا جاتا ہے
choice-stays = حالت نہیں بدلتی، اور کوئی مدت نئے سرے سے شروع نہیں ہوتی۔
form-strand = کس کے لیے
form-strand-says = ہر ایک الگ چلتا ہے۔
form-only-with = صرف اس کے ساتھ: { $choices }۔
form-needed-with = اس کے ساتھ لازم: { $choices }۔
form-optional = چھوڑا جا سکتا ہے
form-time-says = معاہدے کے وقت میں، { $zone }۔
form-place-says = جیسے { $place }، یا گرڈ حوالہ۔ { $metres } میٹر تک درج ہوتا ہے۔
form-annex-says = یہ متن رجسٹر کی ہر نقل میں کھلا اور ہمیشہ کے لیے رہتا ہے۔
form-matter-says = اس کے حوالے سے۔
form-matters-says = ان کے حوالوں سے، بیچ میں کاما۔
form-several-says = ایک سے زیادہ ہو سکتے ہیں۔
form-from = سے
form-to = تک
area-of = جس میں معاہدے کے تحت { $who } ذمہ دار ہے
form-text = الفاظ میں
form-text-says = مہر بند، رجسٹر کے ساتھ؛ مٹایا جا سکتا ہے۔ جو اوپر ہے وہ ہر نقل میں ہے۔
form-text-readers = الفاظ کھول سکتے ہیں:
form-text-nobody = الفاظ صرف آپ کھول سکتے ہیں: طریقِ کار کسی اور کا نام نہیں لیتا۔
form-text-named = الفاظ وہ بھی کھول سکتے ہیں جن کا نام یہاں لیا جائے: { $fields }۔
form-text-unable = ریکارڈ پر کلید نہ ہونے سے الفاظ ابھی نہیں کھول سکتے:
form-lacks = دستخط سے پہلے یہ درکار ہے۔ آپ کا لکھا محفوظ ہے۔
form-on = پڑھیں کہ کس پر دستخط ہوں گے
form-on-says = ابھی کچھ نہیں بھیجا جاتا
form-keep = محفوظ کریں
form-keep-says = اسی نوڈ پر، صرف اسی شریک کے لیے
form-discard = یہ مسودہ چھوڑ دیں
form-discard-says = لکھا ہوا مٹا دیا جاتا ہے
stage-write = 1 لکھیں
stage-read = 2 پڑھیں کہ بالکل کس پر دستخط ہوں گے
stage-second = 3 دوسرا افسر
kept-at = محفوظ { $time }
kept-not = محفوظ نہیں ہوا۔ اس صفحے پر ابھی موجود ہے۔
silence-admits-nothing = یہ اعتراف نہیں۔

lack-choice = ان میں سے ایک لازم ہے۔
lack-strand = کم از کم ایک لازم ہے۔
lack-tier = ان میں سے ایک لازم ہے: یہ کچھ کہنے سے پہلے طے ہوتا ہے۔
lack-other-choice = یہ کسی اور انتخاب کا ہے: خالی چھوڑیں، یا وہ چنیں۔
lack-text = اس قدم میں الفاظ میں کچھ کہنا لازم ہے۔
lack-needed = یہ لازم ہے۔
lack-parts = دونوں سرے لازم ہیں۔
lack-twice = { $text } دو بار آیا ہے۔
lack-not-listed = { $text } فہرست میں نہیں۔
lack-nothing-yet = ابھی ایسا کچھ نہیں جس کا نام یہاں لیا جا سکے۔
lack-count = { $text } عدد نہیں۔ عدد چاہیے، جیسے 3۔
lack-time = { $text } وقت نہیں۔ یوں لکھا جاتا ہے: { $example }، { $zone } میں۔
lack-ends-first = یہ شروع ہونے سے پہلے ختم ہوتا ہے۔
lack-place = یہ مقام پڑھا نہیں جا سکتا۔ یوں لکھا جاتا ہے: { $place }، یا گرڈ حوالہ { $grid }۔
lack-long = یہ رجسٹر کے متن کی حد سے لمبا ہے۔
lack-no-matter = { $text } کسی معاملے کا نام نہیں۔ آخری حرف باقی کی جانچ کرتا ہے: ملائیں۔
lack-itself = معاملہ اپنا نام نہیں لیتا۔
lack-not-citable = { $text } بلا تعصب ہے: کوئی اس کا حوالہ نہیں دیتا۔
lack-other-kind = { $text } کسی اور قسم کا ہے۔ درکار ہے: { $kind }۔
lack-other-state = { $text } کسی اور حالت میں ہے۔ درکار ہے: { $states }۔

## کیا شروع ہو سکتا ہے، اور کس پر دستخط نہیں

new-title = کیا شروع کیا جا سکتا ہے
new-says = جو معاہدہ اس شریک کو کھولنے دیتا ہے۔ فارم دستخط تک یہاں محفوظ رہتا ہے۔
col-letters = حروف
col-begins = کیسے شروع ہوتا ہے
unsigned-title = جو لکھا ہے اور جس پر دستخط نہیں
unsigned-count =
    { $n ->
        [0] کچھ منتظر نہیں۔
        [one] ایک مسودہ۔
       *[other] { $n } مسودے۔
    }
unsigned-says = مسودے اسی نوڈ پر ہیں، صرف اسی شریک کے لیے۔ ان میں سے کچھ رجسٹر میں نہیں۔
unsigned-other-session = کسی اور نشست میں
unsigned-open = کھلا
unsigned-agreed = { $by } نے پڑھا اور اتفاق کیا
col-first = آغاز
col-touched = آخری بار
col-stands = کیسا ہے

## دستخط سے پہلے

sign-title = دستخط سے پہلے
effect-opens = { $who } کھولتا ہے: { $kind }۔
effect-steps = { $who } یہ قدم اٹھاتا ہے: “{ $step }”، معاملہ { $matter }۔
effect-chooses = { $who } یہ قدم اٹھاتا ہے: “{ $step }”، “{ $choice }” کے ساتھ، معاملہ { $matter }۔
effect-moves = یہ “{ $from }” سے “{ $to }” میں جاتا ہے: { $says }
effect-begins = تب سے: { $says }
effect-stays = یہ ریکارڈ پر آتا ہے، اور حالت نہیں بدلتی۔
sign-text = کس پر دستخط ہوں گے
sign-no-words = الفاظ میں کچھ نہیں۔
sign-consequences = اس سے کیا ہو گا
sign-sees = کون دیکھے گا
sign-sees-fields = سب شرکا دیکھتے ہیں کہ یہ کیا گیا، کب، اور اوپر کے خانے: یہ رجسٹر کی ہر نقل میں ہیں۔
sign-admits = اس میں کس بات کا اعتراف نہیں
sign-admits-says = اپنے الفاظ سے آگے کسی واقعے، ذمہ داری یا حیثیت کا، کسی لکیر یا مقام کی حیثیت کا بھی نہیں۔ وصولی، تحفظ اور خاموشی سے کچھ تسلیم نہیں ہوتا۔
sign-back = کیا واپس ہو سکتا ہے
sign-follows = آگے کیا ہو گا
sign-nothing = اگر آپ کچھ نہ کریں
sign-with = کس کلید سے
sign-here = خفیہ کلید اسی نوڈ پر ہے: جو اسے چلاتا ہے وہ بھی اس سے دستخط کر سکتا ہے۔
sign-bytes = بعینہٖ بائٹس
sign-bytes-says = عمل کا متن۔ اس کے گرد عمل بتاتا ہے کہ کون دستخط کرتا ہے، اس کلید کے پچھلے عمل کے بعد کا نمبر، اور وقت۔
sign-bytes-sealed = الفاظ دستخط کے وقت مہر بند ہوتے ہیں؛ پھر عمل میں مہر بند فائل کا ہیش ہوتا ہے۔
sign-hash = یہاں پڑھے گئے سب کا SHA-256: متن، پڑھنے والے، الفاظ۔
sign-decide = فیصلہ کریں
sign-by = کون دستخط کرتا ہے
sign-tick = میں نے پڑھ لیا ہے کہ کس پر دستخط ہوں گے اور اس سے کیا ہو گا
sign-sign = دستخط کریں: { $what }
sign-sign-says = فوراً جمع ہوتا ہے، اور ریکارڈ پر رہتا ہے
sign-agree = پہلے افسر کی حیثیت سے اتفاق کریں
sign-agree-says = کچھ نہیں بھیجا جاتا؛ ایک اور افسر کے دستخط لازم ہیں
sign-back-to-form = فارم پر واپس
sign-back-to-form-says = مسودہ محفوظ، کچھ نہیں بھیجا گیا
sign-tick-first = دستخط نہیں ہوئے: پہلے بتائیں کہ آپ نے پڑھ لیا ہے۔
sign-agreed-now = اس افسر نے اتفاق کیا۔ دوسرے کے دستخط سے پہلے کچھ نہیں بھیجا جاتا۔
sign-changed = دستخط نہیں ہوئے: پڑھے جانے کے بعد مسودہ بدل گیا ہے۔ دوبارہ پڑھیں۔
sign-not-ready = دستخط نہیں ہوئے: اس حالت میں اب نہیں ہو سکتے۔ آپ کا لکھا محفوظ ہے۔
sign-refused = رجسٹرار نے اسے رد کیا: { $why } ردّ پر دستخط ہیں، اور وہ اسی نوڈ پر ہے۔ آپ کا لکھا محفوظ ہے۔
reserve-instead = اس کے بجائے اپنا موقف محفوظ رکھیں
reserve-says = واقعات پر کوئی جواب نہیں؛ کوئی گھڑی نہیں رکتی
follows-opens = اس سے ایک الگ معاملہ کھلتا ہے: { $kind }۔
follows-may-until = { $who } { $time } تک کر سکتا ہے: { $step }۔ ورنہ: { $silence }۔
follows-asked = پھر { $who } سے متعلق: { $step }؛ ابھی کوئی مدت نہیں چلتی۔ ورنہ: { $silence }۔
follows-asked-by = { $who } سے { $time } تک مطلوب: { $step }۔ ورنہ: { $silence }۔
follows-asked-latest = { $who } سے زیادہ سے زیادہ { $time } تک مطلوب، کیونکہ مدت تعمیل سے شروع ہوتی ہے: { $step }۔ ورنہ: { $silence }۔
back-stays = یہ کہ دیا گیا، اور کب، ریکارڈ پر رہتا ہے۔ جڑ کی کلید 72 گھنٹوں میں اس سے لاتعلقی کر سکتی ہے؛ دستخط کرنے والی کلید پھر ختم ہو جاتی ہے۔
back-by-step = اس قدم سے واپس لیا جا سکتا ہے: “{ $step }”۔
back-until-decided = دوسروں کے فیصلے تک واپس لیا جا سکتا ہے۔
back-correct = جب تک معاملہ آگے نہ بڑھے اس کے خانے درست کیے جا سکتے ہیں؛ درست شدہ پہلے دکھتا ہے۔
custody-hosted = تحویل: میزبان۔ کلید نوڈ چلانے والے کے پاس ہے۔
custody-node = تحویل: شریک کے اپنے نوڈ پر، پاس‌کی (passkey) سے کھلتی ہے۔
custody-device = درج ہے کہ افسر کے آلے پر رکھی ہے۔
bar-title = اس حالت میں یہاں دستخط نہیں ہو سکتے
bar-no-key = { $who } کے کسی افسر کی ایسی کلید اس نوڈ پر نہیں جو دستخط کر سکے۔ جہاں ہو وہاں “mithaq open” اور “mithaq step” سے دستخط ہوتے ہیں۔
bar-too-few = اس پر { $n } افسروں کے دستخط لازم ہیں، اور یہاں { $here } کی کلیدیں ہیں۔ “mithaq step --draft FILE” اسے دوسری کلید تک لے جاتا ہے۔
bar-custody = معاہدہ اس پر دستخط کرنے والی کلید سے اس سے زیادہ مانگتا ہے جو یہاں کی کسی کلید میں ہے: { $least }
bar-no-seal = { $who } کی کوئی ایسی کلید ریکارڈ پر نہیں جس پر الفاظ مہر بند ہوں۔ الفاظ کے بغیر دستخط ہو سکتے ہیں۔
bar-nothing = جہاں تک یہ نوڈ بتا سکتا ہے، اس سے کچھ نہیں ہو گا: { $why }

void-excluded = اس میں کسی چیز کے حامل کے طور پر ایسے گروہ کا نام ہے جسے معاہدہ خارج کرتا ہے۔
void-unknown = اس میں ایسی چیز کا نام ہے جو نہیں، یا ابھی نہیں پہنچی۔
void-closed = اب ایسا کوئی معاملہ نہیں کھل سکتا۔
void-no-power = یہ اس شریک کے کرنے کا نہیں۔
void-own-hand = یہ شریک کے اپنے ہاتھ سے لازم ہے، ایسی کلید سے جو وہاں ہو جہاں معاہدہ کہتا ہے۔
void-two-officers = اس پر دو افسروں کے دستخط لازم ہیں۔
void-vacant = اس میں ایسی نشست کا نام ہے جو کسی نے نہیں لی۔
void-late = اس کا وقت ختم ہو چکا۔
void-wrong-state = حالت ایسی نہیں کہ یہ ہو سکے، یا یہ ہو چکا۔
void-form = کوئی وصول کنندہ، وقت، انتخاب، خانہ یا فائل قواعد کے مطابق نہیں۔
void-not-citable = یہ بلا تعصب بات کا حوالہ دیتا ہے۔
refused-form = یہ اس رجسٹر کا عمل نہیں۔
refused-signature = اس کا ایک دستخط درست نہیں۔
refused-key = دستخط کرنے والی کلید ریکارڈ پر نہیں، ختم ہو چکی، یا یہ نہیں کر سکتی۔
refused-number = یہ اپنی کلید کے پچھلے عمل کے بعد نہیں آتا۔
refused-duplicate = یہ رجسٹر میں پہلے سے ہے۔
refused-quota = اس شریک کی آج کی حد پوری ہو چکی۔

## دستخط کے بعد

signed-entry = دستخط ہوئے، اور رجسٹر میں اندراج { $entry }
signed-pending = رجسٹرار نے رسید دے دی۔ اس کا اثر اگلے نشان سے ہو گا جو اسے شامل کرے؛ تب تک انتظار ہے۔
signed-final = یہ حتمی ہے: توثیق کرنے والوں کا نشان اسے شامل کرتا ہے۔
signed-void = اس کا کوئی اثر نہیں: { $why } یہ اس وجہ کے ساتھ دکھتا رہتا ہے؛ اس میں کسی کا قصور نہیں۔
signed-queued = دستخط ہوئے، اور راستے میں ہے
signed-queued-says = یہ اس نوڈ پر رجسٹرار تک لے جائے جانے کا منتظر ہے۔ اس کا وقت تب سے گنا جاتا ہے جب کوئی ضامن یا رجسٹرار اسے لے۔
signed-nowhere = دستخط ہوئے، اور رجسٹر میں نہیں
signed-nowhere-says = رجسٹرار نے اسے نہیں لیا۔ اس کا دستخط شدہ ردّ اسی نوڈ پر ہے اور وجہ بتاتا ہے۔ نئے سرے سے لکھا جا سکتا ہے۔
signed-receipt = رسید
signed-act = عمل
signed-to-matter = معاملے پر
signed-look-again = دوبارہ دیکھیں
signed-look-again-says = کہاں تک پہنچا

## جب کچھ غلط ہو

error-not-found = ایسا کوئی صفحہ نہیں
error-not-found-says = کچھ ضائع نہیں ہوا۔ حوالہ CASE-26-0001-K جیسا ہوتا ہے؛ اسے تلاش کے خانے میں چسپاں کریں۔
error-reference = اس حوالے کا کوئی معاملہ نہیں
error-reference-says = { $text } اس نوڈ کے حتمی ریکارڈ پر نہیں۔ آخری حرف باقی کی جانچ کرتا ہے: دوبارہ سنیں اور ملائیں۔
error-filter = یہ چھانٹی پڑھی نہیں جا سکتی
error-filter-says = { $text } اس کا حصہ نہیں۔ دن 2026-01-31 جیسا ہوتا ہے؛ کچھ ضائع نہیں ہوا۔
error-kind = معاہدے میں اس قسم کا معاملہ نہیں
error-broken = یہ صفحہ نہ بن سکا
error-broken-says = پروگرام کی خرابی۔ کچھ نہیں بدلا۔ جو یہ نوڈ چلاتا ہے اسے لاگ میں ملے گی۔
error-old-page = یہ صفحہ کسی اور نشست کا ہے
error-old-page-says = دستخط نہیں ہوئے، اور آپ کا لکھا یہاں نہیں بدلا۔ صفحہ دوبارہ کھولیں اور وہاں کریں۔
error-large = فارم اتنا نہیں لیتا
error-large-says = کچھ نہیں بدلا۔ جو ایک میگا بائٹ سے لمبا ہو وہ فائل کے طور پر جاتا ہے۔
error-no-draft = یہاں ایسا کوئی مسودہ نہیں
error-no-draft-says = اس پر دستخط ہو چکے، یا اسے چھوڑ دیا گیا۔ جس پر دستخط ہوئے وہ اپنے معاملے کے ساتھ ہے۔
error-full = ان میں سے مزید کی گنجائش نہیں
error-full-says = یہ محفوظ نہیں ہوا۔ جو موجود ہیں ان میں سے کچھ چھوڑیں، یا منتظر مسودوں پر دستخط کریں، پھر محفوظ کریں۔
error-method = یہ یہاں نہیں ہو سکتا
error-back = جائزے پر واپس
