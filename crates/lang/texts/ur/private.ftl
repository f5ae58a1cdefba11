# نجی حصے کے الفاظ۔ کام چلاؤ ترجمہ: کسی اہلِ زبان نے ابھی نظرِ ثانی نہیں کی۔

## اس کے ہر صفحے پر

private-says = صرف اس نوڈ پر؛ رجسٹر میں کبھی نہیں۔
typed-stays = جو آپ نے لکھا وہ اسی صفحے پر موجود ہے۔
own-time = آپ کا وقت
error-not-yours = یہ یہاں دوسروں کے دیکھنے یا کرنے کا ہے
error-not-yours-says = یہاں کام کرنے والے وہی کر سکتے ہیں جو ان کے اپنے لوگوں نے طے کیا ہے۔ کچھ نہیں بدلا۔ جو رسائی کا ذمہ دار ہے وہ ترتیبات میں اسے بدل سکتا ہے۔
error-done = یہ پہلے ہی ہو چکا ہے
error-done-says = کسی نے پہلے کر دیا، یا اس کی جگہ کچھ اور کیا۔ صفحہ دوبارہ کھولیں: وہ موجودہ حالت بتاتا ہے۔

## ڈیوٹی

watch = ڈیوٹی لاگ
watch-title = میرے پچھلی بار دیکھنے کے بعد کیا ہوا
watch-held = { $who } کی ڈیوٹی { $time } سے ہے۔
watch-nobody = کسی کی ڈیوٹی نہیں۔
watch-new =
    { $n ->
        [0] آپ کے لیے کچھ نیا نہیں۔
        [one] ایک اندراج آپ کے لیے نیا ہے۔
       *[other] { $n } اندراج آپ کے لیے نئے ہیں۔
    }
watch-hand-over = ڈیوٹی حوالے کریں
watch-hand-over-says = کھلے امور سے تیار
watch-begin = ڈیوٹی سنبھالیں
watch-begin-says = اب سے، آپ کے نام سے
watch-begun = { $who } نے ڈیوٹی سنبھالی۔
watch-taken = { $taker } نے { $giver } سے ڈیوٹی لی؛ دونوں نے تصدیق کی۔
watch-taken-from = { $who } نے { $other } کی جگہ، حوالگی کے بغیر، ڈیوٹی سنبھالی: { $why }
watch-waits = ڈیوٹی حوالے کی جا چکی ہے، اور { $who } کا انتظار ہے۔
watch-read = حوالگی پڑھیں
watch-read-and-take = پڑھیں اور ڈیوٹی سنبھالیں
watch-add = اندراج کریں
watch-what = کیا ہوا
watch-at = کب، اگر ابھی نہیں
watch-at-says = وقت نہ لکھیں تو ابھی کا ہے۔ لکھنے کا وقت ساتھ رکھا جاتا ہے۔
watch-written = لکھا گیا
watch-says = متن
watch-lines = اندراجات
watch-caption = ڈیوٹی لاگ، نیا پہلے؛ ● آپ کے لیے نیا ہے
watch-none = اس منظر میں کوئی اندراج نہیں۔
watch-none-says = جو کالیں اور واقعات کسی نے نہیں لکھے وہ یہاں نظر نہیں آتے۔
watch-note = نوٹ
watch-contact = رابطہ
watch-team = ٹیم
watch-crossing = گزرگاہ
watch-line-test = لائن کی جانچ
watch-danger = لوگ خطرے میں
watch-handover = حوالگی
watch-record = ریکارڈ
watch-register = رجسٹر
watch-view-shift = یہ ڈیوٹی، اور جو میرے لیے نیا ہے
watch-view-day = پچھلے 24 گھنٹے
watch-view-all = سب
watch-words = اس میں الفاظ
watch-struck = کاٹا گیا
watch-struck-by = کس نے کاٹا
watch-corrects = پہلے اندراج کی تصحیح
watch-the-line = اندراج جیسا پہلے تھا
watch-draft = اس سے شروع ہوا مسودہ
watch-line = { $kind }، { $time }
watch-to-draft = اس سے عمل بنائیں
watch-to-draft-says = انہی الفاظ کے ساتھ ایک مسودہ کھلتا ہے۔ دستخط الگ قدم ہے؛ یہ اندراج یہیں رہتا ہے۔
watch-begin-draft = ان الفاظ سے مسودہ شروع کریں
watch-correct = تصحیح کریں
watch-correct-says = پہلا اندراج کاٹ دیا جاتا ہے، اور پڑھا جا سکتا ہے۔
watch-correct-now = تصحیح کریں
watch-strike = کاٹیں
watch-strike-says = وجہ کے ساتھ پڑھا جا سکتا ہے۔
watch-strike-now = کاٹیں
watch-why = وجہ
watch-why-needed = کچھ نہیں بدلا: وجہ درکار ہے۔
watch-empty = کچھ نہیں رکھا گیا: اس میں الفاظ نہیں۔
watch-no-time = کچھ نہیں رکھا گیا: یہ کوئی وقت نہیں۔ یوں لکھا جاتا ہے: 2026-01-13 06:20۔
watch-ahead = کچھ نہیں رکھا گیا: یہ ابھی ہوا نہیں۔ جو آنے والا ہے وہ کام ہے۔
watch-long = کچھ نہیں رکھا گیا: یہ لاگ کی سطر سے لمبا ہے۔ 8 kB سے لمبی بات نوٹ یا فائل میں جاتی ہے۔
sent-before = کچھ نہیں رکھا گیا: یہ فارم پہلے دوسرے الفاظ کے ساتھ بھیجا گیا تھا، اور وہ باقی ہیں۔ انہیں بھی رکھنے کے لیے دوبارہ بھیجیں۔
watch-cut = یہاں صرف { $time } کے بعد کی باتیں ہیں: اور بھی ہیں۔
watch-earlier = پہلے کی باتیں دکھائیں
task-erase = مٹا دیں
task-erase-says = ہمیشہ کے لیے؛ یہ رجسٹر میں نہیں
watch-relieve = ڈیوٹی والا افسر حوالگی نہیں کر سکتا
watch-relieve-now = حوالگی کے بغیر ڈیوٹی سنبھالیں
watch-relieve-says = لاگ میں وجہ کے ساتھ لکھا جاتا ہے

## حوالگی

handover-title = ڈیوٹی حوالے کریں
handover-by = ڈیوٹی { $who } کی ہے۔
handover-of = ڈیوٹی، { $giver } سے { $taker } کو
handover-open = کیا کھلا ہے
handover-open-says = 24 گھنٹے میں جو ہم سے مطلوب ہے، نوٹس جن کی وصولی کا انتظار ہے، کام، مسودے۔
handover-frozen = جیسا حوالگی کے وقت تھا۔
handover-nothing-open = کچھ کھلا نہیں۔
handover-is-due = مطلوب
handover-is-notice = نوٹس
handover-is-task = کام
handover-to = کس کو
handover-taker-needed = کچھ حوالے نہیں ہوا: بتائیں کس کو، اور اپنے آپ کو نہیں۔
handover-says = اور کیا جاننا چاہیے
handover-said = { $who } کے الفاظ میں
handover-give = تصدیق کریں اور حوالے کریں
handover-give-says = جب تک لی نہ جائے ڈیوٹی آپ کی ہے
handover-not-yours = جس کی ڈیوٹی ہے وہی حوالے کرتا ہے۔
handover-given = { $who } نے تصدیق کی اور حوالے کی
handover-taken = { $who } نے تصدیق کی اور ڈیوٹی سنبھالی
handover-waits = { $who } کی تصدیق کا انتظار
handover-withdrawn = واپس لے لی گئی
handover-take = تصدیق کریں اور ڈیوٹی سنبھالیں
handover-take-says = آپ نے کھلے امور پڑھ لیے ہیں
handover-withdraw = واپس لیں
handover-withdraw-says = ڈیوٹی آپ کی رہتی ہے

## یہاں کیا کرنا ہے

worklist = کام
worklist-title = یہاں کیا کرنا ہے
worklist-count =
    { $n ->
        [0] کچھ کرنے کو نہیں۔
        [one] ایک کام کھلا ہے۔
       *[other] { $n } کام کھلے ہیں۔
    }
worklist-empty = اس منظر میں کوئی کام نہیں۔
task-view-open = کھلے، { $n }
task-view-mine = میرے، { $n }
task-set = کام مقرر کریں
task-empty = کچھ نہیں رکھا گیا: بتائیں کیا کرنا ہے۔
task-no-matter = کچھ نہیں رکھا گیا: اس حوالے کا کوئی معاملہ نہیں۔ آخری حرف باقی کی جانچ کرتا ہے۔
task-no-person = کچھ نہیں رکھا گیا: فرد کا لیبل چھوٹے انگریزی حروف، ہندسوں اور ہائفن سے بنتا ہے۔
task-is-done = ہو گیا
task-done = ہو گیا
task-done-by = کس نے کیا
task-made = کب مقرر ہوا
task-reopen = ابھی نہیں ہوا
task-assign = ذمے لگائیں
col-task = کام
col-whose = کس کا
col-set-by = کس نے مقرر کیا
filter-from = سے
filter-to = تک

## ترتیبات

settings = ترتیبات
settings-title = میں یہاں کیسے کام کرتا ہوں
settings-says = ہر فرد کے لیے، اس نوڈ پر محفوظ۔
settings-saved = محفوظ ہو گیا۔
settings-who = اب یہاں کون کام کر رہا ہے
settings-who-is = آپ نے بتایا کہ آپ { $who } ہیں۔
settings-who-none = کسی نے نہیں بتایا کہ اس نشست میں کون کام کرتا ہے۔
settings-who-says = یہ نجی حصے میں آپ کے لکھے کے ساتھ درج ہوتا ہے۔ یہ دستخط نہیں: جس لنک نے ڈیسک کھولا وہ کسی کی شناخت ثابت نہیں کرتا۔
settings-who-first = پہلے بتائیں آپ کون ہیں: یہ لاگ میں درج ہوتا ہے۔
settings-who-known = یہاں معلوم
settings-who-new = یا کوئی اور لیبل
settings-who-new-says = چھوٹے انگریزی حروف، ہندسے اور ہائفن، جیسے ops-2۔ کسی شخص کا نام درکار نہیں۔
settings-who-set = یہ میں ہوں
settings-who-set-says = اس نشست میں، باہر جانے تک
settings-no-label = کچھ نہیں بدلا: لیبل میں چھوٹے انگریزی حروف، ہندسے اور ہائفن ہوتے ہیں، جیسے ops-2۔
settings-how = میں کیسے پڑھتا ہوں
settings-language = زبان
settings-density = قطاریں
settings-usual = معمول
settings-compact = قریب
settings-roomy = کھلی
settings-theme = روشنی
settings-system = جیسی اس آلے میں ہے
settings-light = دن کی
settings-dark = رات کی
settings-calendar = تقویم
calendar-gregorian = عیسوی
calendar-solar = ہجری شمسی
calendar-lunar = ہجری قمری، حساب سے
settings-beside = اسی سطر میں دوسری تقویم
settings-no-beside = کوئی نہیں
settings-beside-says = حساب سے نکلی قمری تاریخ میں ایک دن کا فرق ہو سکتا ہے، اور یہ لکھا ہوتا ہے۔ UTC کا وقت اشارہ کرنے پر دکھتا ہے، اور واقعات کے ساتھ چھپتا ہے۔
settings-digits = ہندسے
settings-digits-says = حوالے، گرڈ اور گھڑی کے اوقات ہمیشہ 0–9 میں ہوتے ہیں: یہ فون پر پڑھ کر سنائے جاتے ہیں۔
settings-zone = معاہدے کے وقت کے ساتھ میرا وقت
settings-zone-says = UTC سے آگے، جیسے +04:30۔
settings-no-zone = کچھ نہیں بدلا: یہ کوئی وقتی خطہ نہیں۔ یوں لکھا جاتا ہے: +04:30۔
settings-save = محفوظ کریں
settings-save-says = اوپر درج فرد کے لیے

## نوٹ

notes = اندرونی نوٹ
notes-title = یہاں کیا نوٹ ہے
notes-add = یہاں کام کرنے والوں کے لیے نوٹ
note-add = نوٹ کریں
note-add-says = یہ کوئی عمل نہیں؛ اس سے کچھ لازم نہیں آتا
note-erase = مٹائیں
offices = خیر سگالی کوششیں
offices-band = خیر سگالی کوششیں: یہاں ان کے لیے جو ان میں شریک ہیں۔ یہ رجسٹر میں کبھی درج نہیں ہوتیں، اور کوئی ان کا حوالہ نہیں دیتا۔
offices-title = خیر سگالی کوششوں میں کیا کہا گیا
offices-says = ہر فریق سے گفتگو کے نوٹ۔ انہیں مٹایا جا سکتا ہے۔
offices-add = کیا کہا گیا، اور کس نے کہا
offices-matter = کس معاملے میں
offices-none = کچھ نوٹ نہیں۔

## ڈائریکٹری

directory = ڈائریکٹری
directory-title = اب کس کو کال کریں
directory-count =
    { $n ->
        [0] کوئی درج نہیں۔
        [one] ایک عہدہ؛ اب ڈیوٹی پر: { $duty }۔
       *[other] { $n } عہدے؛ اب ڈیوٹی پر: { $duty }۔
    }
directory-untested =
    { $n ->
        [one] ایک ہاٹ لائن نے 24 گھنٹے میں جانچ کا جواب نہیں دیا۔
       *[other] { $n } ہاٹ لائنوں نے 24 گھنٹے میں جانچ کا جواب نہیں دیا۔
    }
directory-view-now = نافذ، { $n }
directory-view-duty = اب ڈیوٹی پر، { $n }
directory-none = اس منظر میں کوئی عہدہ نہیں۔
directory-none-says = نمبر ایک ایک کر کے، یا سپریڈ شیٹ سے شامل ہوتے ہیں۔
directory-import = سپریڈ شیٹ سے
directory-contacts = عمل کے طور پر درج کالیں
col-of = کس کا
post-new = عہدہ شامل کریں
post-what = عہدہ
post-change = تبدیل کریں
post-keep = محفوظ کریں
post-id = پتے میں نام
post-office = دفتر
post-role = کردار
post-person = کس کے پاس
post-numbers = نمبر
post-number = نمبر
post-number-is = نمبر کی قسم
post-languages = زبانیں
post-note = نوٹ
post-from = کب سے درست
post-until = کب تک درست
post-over = نافذ نہیں
post-others = شرکا میں سے کوئی نہیں
post-changed = آخری تبدیلی
post-duty = ڈیوٹی پر
post-duty-until = تک
post-on-duty-until = وہاں کوئی ڈیوٹی پر ہے، تک
post-on-duty = درج کریں
post-off-duty = وہاں کوئی ڈیوٹی پر نہیں
post-tested = آخری جانچ
post-never-tested = کبھی نہیں
post-untested = چلنا معلوم نہیں: 24 گھنٹے میں کسی جانچ کا جواب نہیں
post-tests = اس کی لائن کی جانچ
post-do = کال، جانچ
post-contact = رابطہ درج کریں
post-erase = مٹائیں
post-erase-says = اس کی جانچ سمیت؛ ڈیوٹی لاگ اپنے اندراج رکھتا ہے
post-no-office = کچھ نہیں رکھا گیا: دفتر درکار ہے۔
post-no-participant = کچھ نہیں رکھا گیا: معاہدے میں ایسا کوئی شریک نہیں۔
post-no-number = کچھ نہیں رکھا گیا: نمبر ہاٹ لائن، فون، موبائل، سیٹلائٹ، ریڈیو، پیغام یا ڈاک کا ہوتا ہے۔
post-no-day = کچھ نہیں رکھا گیا: دن یوں لکھا جاتا ہے: 2026-01-31۔
number-hotline = ہاٹ لائن
number-phone = ٹیلی فون
number-mobile = موبائل
number-satellite = سیٹلائٹ
number-radio = ریڈیو
number-message = پیغامات
number-mail = ڈاک
test-answered = جواب ملا
test-no-answer = جواب نہیں
test-out-of-order = خراب
test-result = نتیجہ
test-logs = جانچ، ابھی درج
test-note = ”جواب ملا“ اور ”جواب نہیں“ ابھی کی گئی لائن کی جانچ درج کرتے ہیں؛ ڈیوٹی لاگ میں بھی۔
test-says = { $office } کی لائن کی جانچ: { $result }
import-says = سب قطاریں لی جاتی ہیں، یا کوئی نہیں۔ جو عہدہ یہاں ہے اس کی قطار اسے بدل دیتی ہے۔
import-csv = قطاریں، پہلی میں کالموں کے نام
import-columns = کالم، جن میں صرف دفتر لازم ہے:
import-take = شامل کریں
import-take-says = صرف اس نوڈ پر
import-nothing = کچھ شامل نہیں ہوا۔ جو آپ نے چسپاں کیا وہ یہیں ہے۔
import-row = قطار { $n }:
import-no-office = کالم ”office“ موجود نہیں۔
import-no-row = پڑھی نہیں جا سکتی۔
import-too-many = ایک ساتھ بہت زیادہ ہیں: زیادہ سے زیادہ 2,000۔

## محفوظ مناظر

views-save = یہ منظر محفوظ کریں
views-name = نام
views-save-now = محفوظ کریں
views-drop = ہٹائیں
views-says = صرف آپ کے لیے، اس نوڈ پر۔

## کون کیا کر سکتا ہے

access = رسائی
access-title = یہاں کون کیا دیکھ اور کر سکتا ہے
access-who = کون
access-said = جس پر نشان نہیں وہ ان کا نہیں؛ جس کا نام نہیں، یا جس نے نہیں بتایا کہ وہ کون ہے، اس میں سے کچھ نہیں کر سکتا۔
access-unsaid = جب تک کسی پر نشان نہیں، اس ڈیسک پر کام کرنے والا ہر شخص سب کچھ کر سکتا ہے۔
access-proof = جس کے پاس پاس کی ہے وہ صرف اسی سے داخل ہو کر اپنی حیثیت میں شمار ہوتا ہے۔ پاس کی کے بغیر لیبل صرف بتایا گیا ہے، جس کے پاس لنک ہو اس کی طرف سے۔
access-watch = ڈیوٹی
access-tasks = کام
access-notes = نوٹ
access-good-offices = خیر سگالی کوششیں
access-directory = ڈائریکٹری
access-drafts = مسودے
access-publish = رجسٹر میں دستخط
access-access = رسائی
access-new = ایک اور لیبل
access-save = محفوظ کریں
access-save-says = فوراً نافذ ہوتا ہے
access-nobody = کچھ نہیں بدلا: کوئی ایسا رہنا چاہیے جو اسے دوبارہ بدل سکے۔
sign-not-yours = رجسٹر میں دستخط یہاں دوسروں کا کام ہے۔ جو لکھا ہے وہ محفوظ ہے۔

## جب ڈیسک بند تھا

held = بند ہونے پر لکھا ہوا
held-title = جب یہ ڈیسک بند تھا تب کیا لکھا گیا
held-says = کس نے لکھا، معلوم نہیں۔ جو اب بھیجے وہ اپنے نام سے بھیجتا ہے؛ جس حصے کا ہے وہی دیکھ سکتے ہیں جنہیں اجازت ہے۔
held-line = واچ لاگ کی ایک سطر
held-correct = سطر کی تصحیح: { $title }
held-task = ایک کام
held-import = اسپریڈشیٹ سے عہدے
held-post = عہدے میں تبدیلی: { $title }
held-note = ایک نوٹ: { $title }
held-draft = ایک مسودہ: { $title }
held-none = کچھ منتظر نہیں۔
held-send = اب بھیجیں
held-drop = ہٹائیں
held-drop-says = جو لکھا گیا وہ مٹ جاتا ہے

## Alerts

alerts = اطلاعات
alerts-title = فوراً کس بات کا علم ہونا چاہیے؟
alerts-count = { $n ->
    [0] کوئی اطلاع منتظر نہیں۔
    [one] ایک اطلاع منتظر ہے کہ کوئی اسے سنبھالے۔
   *[other] { $n } اطلاعات منتظر ہیں کہ کوئی انہیں سنبھالے۔
}
alerts-says = سنبھالنے سے دوسروں کو معلوم ہوتا ہے کہ آپ اسے دیکھ رہے ہیں۔ اس سے نہ کچھ قبول ہوتا ہے نہ کسی بات کا جواب۔
alerts-view-waiting = منتظر، { $n }
alerts-none = کوئی اطلاع منتظر نہیں۔
alerts-none-says = ریکارڈ پر جو ہوا، ہمارے لیے چلتی مدتیں اور کام دیکھے گئے۔ جو بات دوسروں کو ٹیلیفون پر بتائی گئی وہ یہاں نہیں آتی۔
alerts-new = { $n ->
    [one] { $time } سے ایک نئی اطلاع
   *[other] { $time } سے { $n } نئی اطلاعات
}
alerts-show = دکھائیں
alert-raised = کب ملی
alert-told = کسے بتایا گیا
alert-taken = کس نے سنبھالی
alert-taken-by = سنبھالنے والا
alert-over = معاملہ گزر گیا
alert-nobody = کوئی ڈیوٹی پر نہ تھا
alert-take = سنبھالیں
alert-take-all = اس صفحے کی سب سنبھالیں
alert-take-says = ان کے بارے میں کسی اور کو نہیں بتایا جاتا
alert-note-taken = یہ آپ کی ہے۔ کسی اور کو نہیں بتایا جائے گا۔
alert-note-other = ان میں سے ایک کوئی اور پہلے سنبھال چکا تھا؛ وہ اسی کی رہی۔
alert-ladder = یکے بعد دیگرے کسے بتایا جاتا ہے
alert-ladder-says = { $n ->
    [one] ہر ایک کے پاس سنبھالنے کے لیے ایک منٹ ہے؛ پھر اگلے کو بتایا جاتا ہے۔
   *[other] ہر ایک کے پاس سنبھالنے کے لیے { $n } منٹ ہیں؛ پھر اگلے کو بتایا جاتا ہے۔
}
alert-ladder-none = ڈیوٹی کسی کے پاس نہیں، اور ڈائریکٹری میں ہمارا کوئی عہدہ نہیں: نام سے کسی کو نہیں بتایا جاتا۔
alert-failed = بیرونی پروگرام نے نہیں لیا
alert-failed-says = یہ نوڈ ہر اطلاع ایک بیرونی پروگرام کو دیتا ہے تاکہ وہ اس درجے والے کو ٹیلیفون کرے یا لکھے۔ یہ اطلاعات نہیں پہنچیں: انہیں ٹیلیفون پر بتائیں۔
alert-rung = درجہ
alert-why = آخری خرابی
alert-next = دوبارہ کوشش
alert-given-up = چھوڑ دیا گیا
alert-again = سب کی ابھی دوبارہ کوشش کریں
alert-note-again = ان کی ابھی دوبارہ کوشش ہو رہی ہے۔
feed-grave = { $reference }: سنگین درجے کا
feed-misbehaviour = بدعملی کا ثبوت
feed-assigned = { $reference }: ایک کام سونپا گیا
feed-team = ایک ٹیم وقت پر نہیں سنی گئی

## Keys

keys = کلیدیں
keys-foot = تمام کلیدیں:
keys-search = تلاش، یا کوئی حوالہ
keys-go = فہرست میں اس حرف کے صفحے پر جائیں
keys-new = اس حرف کی قسم کا معاملہ کھولیں؛ دو بار n: جو کچھ کھولا جا سکتا ہے
keys-rows = اگلی سطر، پچھلی سطر؛ Enter اسے کھولتا ہے
keys-filter = فہرست کی چھلنی پر
keys-edit = دستخط کے صفحے سے فارم پر واپس
keys-list = یہ فہرست
keys-says = یہ تختے پر کلید کی جگہ کے مطابق چلتی ہیں، حروف کسی بھی رسم الخط کے ہوں، اور لکھتے وقت نہیں سنی جاتیں۔ انہیں بند کیا جا سکتا ہے:
keys-close = بند کریں
keys-on = اکیلی کلیدیں کام کرتی ہیں
keys-off = بند
keys-off-says = ان کے لیے جو مشین سے بول کر کام لیتے ہیں یا کلید غلطی سے دبا دیتے ہیں۔

## ٹیمیں

teams = ٹیمیں
teams-title = کیا سب محفوظ ہیں؟
teams-count = { $out ->
    [0] کوئی ٹیم باہر نہیں۔
    [one] ایک ٹیم باہر ہے؛ وقت پر نہیں سنی گئی: { $late }۔
   *[other] { $out } ٹیمیں باہر ہیں؛ وقت پر نہیں سنی گئیں: { $late }۔
}
teams-none = یہاں کوئی ٹیم معلوم نہیں۔
teams-none-says = جو ٹیم باہر جائے وہ یہاں اپنے نام سے درج ہوتی ہے۔ کسی شخص کا نام نہیں، اور پتا نہیں۔
teams-says = ہر اطلاع ڈیوٹی لاگ کا اندراج ہے۔ جو ٹیم وقت پر نہ سنی جائے وہ انتباہ ہے، سیڑھی در سیڑھی؛ اس نوڈ سے باہر صرف یہ جاتا ہے کہ ایسا ہے۔
col-team = ٹیم
team-out = باہر جاتی ہے
team-next-in = اگلی اطلاع کتنی دیر میں
team-heard = آخری بار سنی گئی
team-next = اگلی اطلاع
team-check-in = اطلاع
team-heard-now = سنی گئی
team-is-in = واپس آ گئی
team-in = اندر
team-drop = یہاں سے ہٹائیں
team-no-name = ٹیم کا نام ہوتا ہے۔
team-no-time = اگلی اطلاع ایک دن کے اندر ہوتی ہے: کتنے منٹ میں، یہ بتائیں۔
team-full = اتنی ٹیمیں، یا اتنے لمبے الفاظ، یہاں نہیں رکھے جاتے۔
team-newer = یہ صفحہ بننے کے بعد یہ ٹیم سنی جا چکی ہے۔ دوبارہ دیکھیں، اور اب بھی درست ہو تو پھر کہیں۔
team-says = { $team } سنی گئی؛ اگلی اطلاع { $next } تک۔
team-says-at = { $team } { $place } پر سنی گئی؛ اگلی اطلاع { $next } تک۔
team-says-in = { $team } واپس آ گئی۔
