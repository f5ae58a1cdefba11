# معاہدے کے صفحات کے متن۔

agreement = معاہدہ
agreement-title = کیا کہتا ہے، کس کو کیا کرنا ہے
agreement-authentic = کون سی زبان پابند کرتی ہے، ہر ایک کے اوپر لکھا ہے۔
agreement-not-known = متن کن زبانوں میں پابند کرتا ہے معلوم نہیں؛ یہاں کوئی متن اس کا دعویٰ نہیں کرتا۔
agreement-not-reviewed = یہ کہیں ریکارڈ پر نہیں کہ کسی اہلِ زبان نے ترجمہ دیکھا۔
agreement-table = پیراگراف، زبانیں ساتھ ساتھ، طریقۂ کار، کھلے معاملات اور بنیاد کے ساتھ
agreement-text = نافذ متن
agreement-version = نسخہ
agreement-hash = اس کی فائل
agreement-hash-says = اس فائل کا SHA-256 جس سے یہ صفحہ بنا؛ ریکارڈ کی ہر نقل میں موجود ہے۔
texts-shown = دکھائی گئی زبانیں
texts-all = سب
text-authentic = مستند
text-not-authentic = مستند نہیں
text-not-known = مستند ہونا معلوم نہیں
text-working = عملی ترجمہ
text-none = اس زبان میں نہیں
col-bearers = کس پر لازم
col-procedure = طریقۂ کار
col-open = کھلے
col-basis = بنیاد
clause-not-invoked = جان بوجھ کر کوئی نہیں
basis-text = دستخط شدہ متن
basis-official = سرکاری بیان، کسی نے تردید نہیں کی
basis-one-party = ایک فریق کا بیان
basis-press = اخباری اطلاع
basis-reconstruction = قیاسی تشکیل
drafts-title = زیرِ گفتگو متن، اور ان کا انجام
drafts-says = یہاں کچھ طے نہیں جب تک یہ خود نہ کہے۔
col-words = الفاظ
draft-open = الفاظ اور تبدیلیاں
draft-words = الفاظ
draft-elsewhere = الفاظ اس نقل میں نہیں، یا صفحے سے لمبے ہیں۔
draft-whole = پوری فائل، جیسے پیش ہوئی
draft-none = میز پر کوئی الفاظ نہیں۔
draft-said = ہر ایک نے آخر میں کیا کہا
draft-nobody = ابھی کسی نے کچھ نہیں کہا۔
draft-reserved = اپنا موقف محفوظ رکھتا ہے
draft-against-before = یہ الفاظ کیا بدلتے ہیں
draft-against-agreement = معاہدے میں کیا بدلے گا
draft-redline-says = کٹا ہوا: اب نہیں۔ خط کشیدہ: نیا۔ فائلوں کے موازنے سے بنا، کسی کے ہاتھ سے نہیں۔
draft-in-english = پروگرام یہ جملے انگریزی میں بناتا ہے۔
draft-too-long = یہ الفاظ اور ان سے پہلے کے یہاں موازنے کے لیے بہت لمبے ہیں۔ دونوں نیچے سے لیے جا سکتے ہیں۔
draft-versions = نسخے، تازہ پہلے
draft-story = اس کی پوری کہانی
kinds-title = طریقے
participants-title = کون شریک ہے
col-title = حیثیت
col-own-name = اپنا نام
col-in-text = متن میں
not-known = معلوم نہیں
bodies-title = کون مل کر فیصلہ کرتا ہے
col-body = ادارہ
col-members = ارکان
col-chair = صدر
col-decides = فیصلہ
col-quorum = حاضری لازم
decides-all = سب
decides-most = نصف سے زیادہ
decides-number = ان میں سے { $n }
decides-any = کوئی بھی
quorum-all = سب
excluded-title = گروہ جو شریک نہیں
excluded-says = ہر ایک کا نام رپورٹ کے موضوع کے طور پر لیا جا سکتا ہے، فہرست والے نام سے، اور یہاں اس کے پاس کچھ نہیں ہو سکتا: نہ چابی، نہ نشست، نہ آواز۔
col-listed-name = فہرست والا نام
col-list-number = عوامی فہرست میں نمبر
lines-title = حوالہ جاتی لکیریں اور علاقے
lines-says = صرف حساب کے لیے، کسی شریک کے موقف پر اثر کے بغیر۔
col-line = لکیر
col-line-source = ماخذ اور اشاعت
col-precision = درستی، میٹر
col-called = کیا کہتے ہیں
area-says = علاقہ جس میں معاہدے کے تحت { $who } ذمہ دار ہے
procedure-title = طریقۂ کار: { $title }
procedure-matters = اس کے معاملات
procedure-agreement = معاہدہ
chart-title = کیسے چلتا ہے
chart-says = لکیر عمل ہے؛ ٹوٹی لکیر خاموشی ہے، جو اعتراف نہیں۔ ڈبا منتظر ہے، گول حالت ٹھہری ہے، دوہرا کنارہ انجام ہے۔
chart-region = حالتوں کا نقشہ، پہلو میں سرکتا ہے
chart-table = یہی جدول کی صورت میں
opened-by-whom = کون شروع کرتا ہے
col-says = مطلب
col-may = کون کیا کر سکتا ہے، کب تک
state-waits = منتظر: کسی سے پوچھا گیا
state-rests = ٹھہرا: کسی سے نہیں پوچھا گیا
state-rests-clock = ٹھہرا، اور گھڑی چل رہی ہے
state-over = ختم
stays = جوں کا توں رہتا ہے
anywhere = ہر حالت میں
anywhere-says = جب تک ختم نہ ہو۔
agreement-says =
    { $n ->
        [one] ایک پیراگراف، نسخہ { $version }۔ بنیاد، جہاں پیراگراف کچھ اور نہ کہے: { $basis }۔
       *[other] { $n } پیراگراف، نسخہ { $version }۔ بنیاد، جہاں پیراگراف کچھ اور نہ کہے: { $basis }۔
    }
clause-open =
    { $n ->
        [0] کوئی کھلا نہیں
       *[other] { $n } کھلے
    }
