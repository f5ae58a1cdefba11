# Dates and lengths. A number that is read out by phone is never put through a number format.

date = { $day } { $month } { $year }
date-short = { $day } { $month }

month-1 = January
month-2 = February
month-3 = March
month-4 = April
month-5 = May
month-6 = June
month-7 = July
month-8 = August
month-9 = September
month-10 = October
month-11 = November
month-12 = December

month-short-1 = Jan
month-short-2 = Feb
month-short-3 = Mar
month-short-4 = Apr
month-short-5 = May
month-short-6 = Jun
month-short-7 = Jul
month-short-8 = Aug
month-short-9 = Sep
month-short-10 = Oct
month-short-11 = Nov
month-short-12 = Dec

# Solar Hijri, by the names of the signs, as in Afghanistan.
month-solar-1 = Hamal
month-solar-2 = Sawr
month-solar-3 = Jawza
month-solar-4 = Saratan
month-solar-5 = Asad
month-solar-6 = Sunbula
month-solar-7 = Mizan
month-solar-8 = Aqrab
month-solar-9 = Qaws
month-solar-10 = Jadi
month-solar-11 = Dalw
month-solar-12 = Hut

# Lunar Hijri, computed: the moon may be seen a day earlier or later.
month-lunar-1 = Muharram
month-lunar-2 = Safar
month-lunar-3 = Rabi I
month-lunar-4 = Rabi II
month-lunar-5 = Jumada I
month-lunar-6 = Jumada II
month-lunar-7 = Rajab
month-lunar-8 = Shaban
month-lunar-9 = Ramadan
month-lunar-10 = Shawwal
month-lunar-11 = Dhu al-Qada
month-lunar-12 = Dhu al-Hijja
date-lunar = { $date } { "\u200E" }±1

weekday-1 = Mon
weekday-2 = Tue
weekday-3 = Wed
weekday-4 = Thu
weekday-5 = Fri
weekday-6 = Sat
weekday-7 = Sun

under-a-minute = under a minute
minutes = { $n } min
hours = { $n } h
days =
    { $n ->
        [one] { $n } day
       *[other] { $n } days
    }
