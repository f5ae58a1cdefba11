# شواہد کے الفاظ۔ کام چلاؤ ترجمہ: کسی اہلِ زبان نے ابھی نظرِ ثانی نہیں کی۔

evidence = شواہد
evidence-count = { $n ->
    [one] اس منظر میں ایک شہادت
   *[other] اس منظر میں { $n } شہادتیں
  }؛ { $unopened } ہم نے ابھی نہیں کھولیں۔
evidence-says = فائلیں آتے ہی اسی نوڈ پر مہر بند ہو جاتی ہیں۔
evidence-empty = اس منظر میں کوئی شہادت نہیں۔
evidence-caption = شہادتیں، نئی پہلے
evidence-unopened = ہم نے ابھی نہیں کھولیں، { $n }
evidence-ours = ہماری پیش کردہ، { $n }
evidence-challenged = جن پر اعتراض ہے، { $n }
evidence-stages = پیش کی گئی: پیش کرنے والا کہتا ہے کہ یہ موجود ہے۔ رکھی گئی: مہر بند فائل کسی اور شریک کے پاس بھی ہے۔ کھولی گئی: وصول کنندہ نے دستخط کیے کہ یہ کھلی اور سب مطابق ہے۔ جواب دیا گیا: اس پر بات کی گئی۔ چاروں الگ گنے جاتے ہیں، اور کوئی بھی اس کے مواد کے بارے میں کچھ نہیں کہتا۔

exhibit-name = نام
exhibit-filer = پیش کرنے والا
exhibit-offered-at = کب
exhibit-granted = کھول سکتے ہیں
exhibit-holders = جن کے پاس ہے
exhibit-opened-by = کس نے کھولی
exhibit-sha = مہر بند فائل کا SHA-256
exhibit-size = حجم
exhibit-not-yet = ابھی نہیں
exhibit-nobody = اب کسی کے پاس نہیں
exhibit-is-here = مہر بند فائل اس نوڈ پر ہے۔
exhibit-said = پیش کرنے والا کہتا ہے کہ یہ ہے
exhibit-facts = جو ریکارڈ پر ہے

exhibit-with-opening = آغاز کے ساتھ: { $what }
exhibit-with-step = قدم کے ساتھ: { $what }
exhibit-with-answer = کسی شہادت کے جواب کے ساتھ
exhibit-with-note = نامزدگی کا خط
exhibit-with-table = جدول
exhibit-with-offer = اپنے طور پر پیش کی گئی

exhibit-offered = پیش کی گئی
exhibit-held = کسی اور کے پاس بھی ہے
exhibit-opened = کھولی گئی
exhibit-answered = جواب دیا گیا
exhibit-challenged = کہا گیا کہ نہیں کھلتی، فیصلہ باقی
exhibit-challenge-upheld = طے ہوا کہ نہیں کھلتی
exhibit-on-hold = محفوظ رکھنے کو کہا گیا
exhibit-danger = طے ہوا کہ کسی شخص کے لیے خطرہ ہے
exhibit-withdrawn = واپس لی گئی
exhibit-disowned = لاتعلقی ظاہر کی گئی
exhibit-erased = جن کے پاس تھی سب نے مٹا دی
exhibit-erased-in-part = جن کے پاس تھی ان میں سے کچھ نے مٹا دی

exhibit-sealed-says = مہر بند۔ یہاں دیکھنے سے کسی کو خبر نہیں ہوتی اور کسی چیز پر دستخط نہیں ہوتے۔
exhibit-open = یہاں کھولیں
exhibit-open-says = پہلے جانچ ہوتی ہے؛ صرف آپ کو دکھائی جاتی ہے، کہیں محفوظ نہیں ہوتی
exhibit-checked = وصول کنندہ، نشان اور عہد اس کے مطابق ہیں جو پیش کیا گیا۔
exhibit-picture = پیش کی گئی تصویر
exhibit-paper = دستاویز الگ ٹیب میں کھولیں
exhibit-not-shown = یہ اس قسم کی ہے جو یہاں نہیں دکھائی جاتی۔
exhibit-take = ایک نقل لے جائیں
exhibit-take-says = جہاں آپ رکھیں گے نقل وہاں کھلی ہوگی، اور مٹانا آپ کے ذمے ہے۔
exhibit-custody = تحویل
exhibit-fingerprint = نشان
exhibit-fingerprint-says = مہر بند فائل کا، جیسا رجسٹر کی ہر نقل میں ہے۔
exhibit-kept-says = بند ہونے کے بعد اس کا کوئی متن یا تصویر یہاں نہیں رہتی، اور اس کا کوئی اشاریہ نہیں۔

custody-filed = { $who } نے پیش کی۔
custody-granted = { $who } کو کھولنے کا حق دیا گیا۔
custody-kept = مہر بند فائل { $who } کے پاس ہے۔
custody-opened = { $who } نے کھولی، اور دستخط کیے کہ سب مطابق ہے۔
custody-answered = { $who } نے جواب دیا۔
custody-challenged = { $who } نے کہا کہ یہ نہیں کھلتی۔ فیصلہ باقی ہے۔
custody-challenge-upheld = { $who } نے کہا کہ یہ نہیں کھلتی۔ ایسا ہی پایا گیا۔
custody-challenge-not-upheld = { $who } نے کہا کہ یہ نہیں کھلتی۔ ایسا نہیں پایا گیا۔
custody-on-hold = { $who } چاہتا ہے کہ یہ { $until } تک رکھی جائے۔
custody-erased = { $who } نے اپنی نقل مٹا دی۔

closed-erased = اس شریک نے اپنی نقل مٹا دی ہے۔
closed-not-granted = یہ اس شریک کے لیے کھلی نہیں: حق دوسروں کو دیا گیا۔
closed-not-here = مہر بند فائل ابھی اس نوڈ پر نہیں۔ یہ نوڈ ملنے پر یا اسٹک سے آتی ہے۔
closed-differs = یہاں کی نقل وہ فائل نہیں جو پیش کی گئی۔ اس سے پیش کرنے والے کے بارے میں کچھ معلوم نہیں ہوتا: نقل دوبارہ آنی چاہیے۔
closed-grant-not-for-me = حق نامہ ان کلیدوں میں سے کسی پر مہر بند نہیں جو یہاں ہیں۔
closed-grant-wrong = حق نامہ درست نہیں، یا کسی اور شہادت کا ہے۔
closed-does-not-open = مہر بند فائل اس حق نامے سے نہیں کھلتی۔
closed-commitment-differs = جو نکلتا ہے وہ نہیں جس کا عہد کیا گیا تھا۔
error-closed = یہ شہادت یہاں نہیں کھل سکتی
error-closed-says = اس کا اپنا صفحہ بتاتا ہے کہ کیوں، اور کیا ہو سکتا ہے۔ کچھ نہیں بدلا۔

form-files = فائلیں
form-files-says = ہر فائل آتے ہی اسی نوڈ پر مہر بند ہوتی ہے۔ جو الفاظ کھول سکتا ہے وہ اسے بھی کھول سکتا ہے؛ نام اور مواد رجسٹر کی کسی نقل میں نہیں، حجم اور نشان ہیں۔
lack-file = ایک چنی ہوئی فائل پوری یہاں نہیں، یا اب یہاں نہیں۔ اسے نکالیں، یا دوبارہ چنیں۔
sign-sees-files = وہ دیکھتے ہیں کہ فائلیں ہیں، کتنی بڑی ہیں اور ان کے نشان کیا ہیں۔

upload-choose = فائل چنیں، یا یہاں چھوڑیں
upload-most = { $size } تک؛ رابطہ کٹنے کے بعد وہیں سے آگے چلتی ہے
upload-most-plain = اسکرپٹ کے بغیر { $size } تک
upload-send = فائل بھیجیں
upload-send-says = پہلے اپنا لکھا محفوظ کریں
upload-sealing = مہر بند ہو رہی ہے
upload-whole = یہاں ہے، اور مہر بند
upload-here = یہاں ہے، ابھی ایک کے طور پر مہر بند نہیں
upload-part = { $all } میں سے { $part } یہاں ہے
upload-cut = رابطہ نہیں؛ خود آگے چلے گی
upload-stopped = اس نوڈ نے نہیں لی
upload-locked = رک گئی، کیونکہ اب کوئی اندر نہیں؛ وہی فائل دوبارہ چنیں تو آگے چلے گی
upload-drop = نکالیں
upload-again = وہی فائل دوبارہ چنیں تو آگے چلے گی
upload-draft = کس کے ساتھ
upload-to-draft = ایک مسودہ
uploads = یہاں بھیجی گئیں، ابھی پیش نہیں کی گئیں
uploads-says = اس نوڈ پر مہر بند، اور کسی عمل میں نہیں۔ جو پوری یہاں نہیں، یا کسی مسودے میں نہیں، وہ آخری حصہ آنے کے { $days } دن بعد مٹا دی جاتی ہے۔

size-bytes = { $n } B
size-kb = { $n } kB
size-mb = { $n } MB
size-gb = { $n } GB
