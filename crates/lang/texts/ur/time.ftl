# تاریخیں اور مدتیں۔ فون پر پڑھے جانے والے ہندسے کبھی نہیں بدلتے۔

date = { $day } { $month } { $year }
date-short = { $day } { $month }

month-1 = جنوری
month-2 = فروری
month-3 = مارچ
month-4 = اپریل
month-5 = مئی
month-6 = جون
month-7 = جولائی
month-8 = اگست
month-9 = ستمبر
month-10 = اکتوبر
month-11 = نومبر
month-12 = دسمبر

month-short-1 = جنوری
month-short-2 = فروری
month-short-3 = مارچ
month-short-4 = اپریل
month-short-5 = مئی
month-short-6 = جون
month-short-7 = جولائی
month-short-8 = اگست
month-short-9 = ستمبر
month-short-10 = اکتوبر
month-short-11 = نومبر
month-short-12 = دسمبر

# ہجری شمسی، برجوں کے ناموں سے۔
month-solar-1 = حمل
month-solar-2 = ثور
month-solar-3 = جوزا
month-solar-4 = سرطان
month-solar-5 = اسد
month-solar-6 = سنبلہ
month-solar-7 = میزان
month-solar-8 = عقرب
month-solar-9 = قوس
month-solar-10 = جدی
month-solar-11 = دلو
month-solar-12 = حوت

# ہجری قمری، حساب سے: چاند ایک دن پہلے یا بعد میں نظر آ سکتا ہے۔
month-lunar-1 = محرم
month-lunar-2 = صفر
month-lunar-3 = ربیع الاول
month-lunar-4 = ربیع الثانی
month-lunar-5 = جمادی الاول
month-lunar-6 = جمادی الثانی
month-lunar-7 = رجب
month-lunar-8 = شعبان
month-lunar-9 = رمضان
month-lunar-10 = شوال
month-lunar-11 = ذوالقعدہ
month-lunar-12 = ذوالحجہ
date-lunar = { $date } { "\u200E" }±1

weekday-1 = پیر
weekday-2 = منگل
weekday-3 = بدھ
weekday-4 = جمعرات
weekday-5 = جمعہ
weekday-6 = ہفتہ
weekday-7 = اتوار

under-a-minute = ایک منٹ سے کم
minutes = { $n } منٹ
hours = { $n } گھنٹے
days =
    { $n ->
        [one] { $n } دن
       *[other] { $n } دن
    }
