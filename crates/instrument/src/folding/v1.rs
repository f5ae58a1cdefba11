//! The tables of version 1. Frozen: see the parent.
//!
//! Latin: ASCII, Latin-1, Latin Extended-A and -B, Latin Extended Additional (the dotted letters of
//! transliteration) and the ligatures; a composed letter goes where its parts would go, so the same
//! text composed or decomposed folds the same. Arabic: the letters that readers take for one, and
//! the presentation forms that old software writes.

/// What becomes of a character.
pub(super) enum Folded {
    /// These letters take its place.
    To(&'static str),
    /// This letter or digit takes its place.
    One(char),
    /// It stays.
    Same,
    /// It vanishes.
    Nothing,
    /// It stands between words.
    Separator,
}

/// What becomes of this character.
pub(super) fn character(c: char) -> Folded {
    match c {
        'a'..='z' | '0'..='9' => Folded::Same,
        'A'..='Z' => Folded::One(c.to_ascii_lowercase()),
        _ if vanishes(c) => Folded::Nothing,
        _ if separates(c) => Folded::Separator,
        _ => match digit(c).or_else(|| full_width(c)) {
            Some(one) => Folded::One(one),
            None => latin(c).or_else(|| arabic(c)).map_or(Folded::Same, Folded::To),
        },
    }
}

/// Marks on letters, apostrophes, and what has no width.
fn vanishes(c: char) -> bool {
    apostrophe(c) || mark(c) || without_width(c)
}

/// Apostrophes, half rings and their kin, as in `Da'esh` and `kalʿadam`.
fn apostrophe(c: char) -> bool {
    matches!(
        c,
        '\'' | '`'
            | '\u{00B4}'
            | '\u{02B9}'..='\u{02BF}'
            | '\u{02C8}'
            | '\u{02CA}'
            | '\u{02CB}'
            | '\u{2018}'..='\u{201B}'
            | '\u{2032}'
            | '\u{2035}'
            | '\u{FF07}'
    )
}

/// Combining marks, among them harakat and the marks of the Koran; and tatweel.
fn mark(c: char) -> bool {
    matches!(
        c,
        '\u{0300}'..='\u{036F}'
            | '\u{0610}'..='\u{061A}'
            | '\u{0640}'
            | '\u{064B}'..='\u{065F}'
            | '\u{0670}'
            | '\u{06D6}'..='\u{06DC}'
            | '\u{06DF}'..='\u{06E4}'
            | '\u{06E7}'
            | '\u{06E8}'
            | '\u{06EA}'..='\u{06ED}'
            | '\u{1AB0}'..='\u{1AFF}'
            | '\u{1DC0}'..='\u{1DFF}'
            | '\u{20D0}'..='\u{20FF}'
            | '\u{FE20}'..='\u{FE2F}'
            | '\u{FE70}'..='\u{FE7F}'
    )
}

/// Soft hyphen, joints, direction marks, the byte order mark, variants and tags.
fn without_width(c: char) -> bool {
    matches!(
        c,
        '\u{00AD}'
            | '\u{061C}'
            | '\u{180B}'..='\u{180F}'
            | '\u{200B}'..='\u{200F}'
            | '\u{202A}'..='\u{202E}'
            | '\u{2060}'..='\u{206F}'
            | '\u{FE00}'..='\u{FE0F}'
            | '\u{FEFF}'
            | '\u{E0000}'..='\u{E01EF}'
    )
}

/// Spaces, dashes, dots, quotation marks and other punctuation. Asked after [`vanishes`].
fn separates(c: char) -> bool {
    matches!(
        c,
        '\u{0000}'..='\u{002F}'
            | '\u{003A}'..='\u{0040}'
            | '\u{005B}'..='\u{0060}'
            | '\u{007B}'..='\u{00A9}'
            | '\u{00AB}'..='\u{00B4}'
            | '\u{00B6}'..='\u{00B9}'
            | '\u{00BB}'..='\u{00BF}'
            | '\u{00D7}'
            | '\u{00F7}'
            | '\u{02D7}'
            | '\u{058A}'
            | '\u{05BE}'
            | '\u{0600}'..='\u{060F}'
            | '\u{061B}'
            | '\u{061D}'..='\u{061F}'
            | '\u{066A}'..='\u{066D}'
            | '\u{06D4}'
            | '\u{06DD}'
            | '\u{06DE}'
            | '\u{06E9}'
            | '\u{1680}'
            | '\u{1806}'
            | '\u{2000}'..='\u{200A}'
            | '\u{2010}'..='\u{2029}'
            | '\u{202F}'..='\u{205F}'
            | '\u{2190}'..='\u{2BFF}'
            | '\u{2E00}'..='\u{2E7F}'
            | '\u{3000}'..='\u{3003}'
            | '\u{3008}'..='\u{3020}'
            | '\u{30FB}'
            | '\u{FD3E}'
            | '\u{FD3F}'
            | '\u{FE10}'..='\u{FE19}'
            | '\u{FE30}'..='\u{FE6F}'
            | '\u{FF01}'..='\u{FF0F}'
            | '\u{FF1A}'..='\u{FF20}'
            | '\u{FF3B}'..='\u{FF40}'
            | '\u{FF5B}'..='\u{FF65}'
    )
}

/// A digit of Arabic, of Persian, Urdu and Pashto, or of double width, as ASCII.
fn digit(c: char) -> Option<char> {
    let value = match c {
        '\u{0660}'..='\u{0669}' => u32::from(c) - 0x0660,
        '\u{06F0}'..='\u{06F9}' => u32::from(c) - 0x06F0,
        '\u{FF10}'..='\u{FF19}' => u32::from(c) - 0xFF10,
        _ => return None,
    };
    char::from_digit(value, 10)
}

/// A Latin letter of double width, which East Asian keyboards write, as ASCII in lower case.
fn full_width(c: char) -> Option<char> {
    let value = match c {
        '\u{FF21}'..='\u{FF3A}' => u32::from(c) - 0xFF21,
        '\u{FF41}'..='\u{FF5A}' => u32::from(c) - 0xFF41,
        _ => return None,
    };
    char::from_digit(value + 10, 36)
}

/// A Latin letter with anything on or in it, as ASCII.
fn latin(c: char) -> Option<&'static str> {
    Some(match c {
        'ª'
        | 'À'..='Å'
        | 'à'..='å'
        | 'Ā'..='ą'
        | 'Ǎ'
        | 'ǎ'
        | 'Ǟ'..='ǡ'
        | 'Ǻ'
        | 'ǻ'
        | 'Ȁ'..='ȃ'
        | 'Ȧ'
        | 'ȧ'
        | 'Ḁ'
        | 'ḁ'
        | 'ẚ'
        | 'Ạ'..='ặ' => "a",
        'Æ' | 'æ' | 'Ǣ' | 'ǣ' | 'Ǽ' | 'ǽ' => "ae",
        'Ḃ'..='ḇ' => "b",
        'Ç' | 'ç' | 'Ć'..='č' | 'Ḉ' | 'ḉ' => "c",
        'Ð' | 'ð' | 'Ď'..='đ' | 'Ḋ'..='ḓ' => "d",
        'È'..='Ë' | 'è'..='ë' | 'Ē'..='ě' | 'Ȅ'..='ȇ' | 'Ȩ' | 'ȩ' | 'Ḕ'..='ḝ' | 'Ẹ'..='ệ' => {
            "e"
        }
        'Ḟ' | 'ḟ' => "f",
        '\u{FB00}' => "ff",
        '\u{FB03}' => "ffi",
        '\u{FB04}' => "ffl",
        '\u{FB01}' => "fi",
        '\u{FB02}' => "fl",
        'Ĝ'..='ģ' | 'Ǧ' | 'ǧ' | 'Ǵ' | 'ǵ' | 'Ḡ' | 'ḡ' => "g",
        'Ĥ'..='ħ' | 'Ȟ' | 'ȟ' | 'Ḣ'..='ḫ' | 'ẖ' => "h",
        'Ì'..='Ï' | 'ì'..='ï' | 'Ĩ'..='ı' | 'Ǐ' | 'ǐ' | 'Ȉ'..='ȋ' | 'Ḭ'..='ḯ' | 'Ỉ'..='ị' => {
            "i"
        }
        'Ĳ' | 'ĳ' => "ij",
        'Ĵ' | 'ĵ' | 'ǰ' => "j",
        'Ķ'..='ĸ' | 'Ǩ' | 'ǩ' | 'Ḱ'..='ḵ' => "k",
        'Ĺ'..='ł' | 'Ḷ'..='ḽ' => "l",
        'Ḿ'..='ṃ' => "m",
        'Ñ' | 'ñ' | 'Ń'..='ŋ' | 'Ǹ' | 'ǹ' | 'Ṅ'..='ṋ' => "n",
        'º'
        | 'Ò'..='Ö'
        | 'Ø'
        | 'ò'..='ö'
        | 'ø'
        | 'Ō'..='ő'
        | 'Ơ'
        | 'ơ'
        | 'Ǒ'
        | 'ǒ'
        | 'Ǫ'..='ǭ'
        | 'Ǿ'
        | 'ǿ'
        | 'Ȍ'..='ȏ'
        | 'Ȫ'..='ȱ'
        | 'Ṍ'..='ṓ'
        | 'Ọ'..='ợ' => "o",
        'Œ' | 'œ' => "oe",
        'Ṕ'..='ṗ' => "p",
        'Ŕ'..='ř' | 'Ȑ'..='ȓ' | 'Ṙ'..='ṟ' => "r",
        'Ś'..='š' | 'ſ' | 'Ș' | 'ș' | 'Ṡ'..='ṩ' | 'ẛ' => "s",
        'ß' | 'ẞ' => "ss",
        '\u{FB05}' | '\u{FB06}' => "st",
        'Ţ'..='ŧ' | 'Ț' | 'ț' | 'Ṫ'..='ṱ' | 'ẗ' => "t",
        'Þ' | 'þ' => "th",
        'Ù'..='Ü' | 'ù'..='ü' | 'Ũ'..='ų' | 'Ư' | 'ư' | 'Ǔ'..='ǜ' | 'Ȕ'..='ȗ' | 'Ṳ'..='ṻ' | 'Ụ'..='ự' => {
            "u"
        }
        'Ṽ'..='ṿ' => "v",
        'Ŵ' | 'ŵ' | 'Ẁ'..='ẉ' | 'ẘ' => "w",
        'Ẋ'..='ẍ' => "x",
        'Ý' | 'ý' | 'ÿ' | 'Ŷ'..='Ÿ' | 'Ȳ' | 'ȳ' | 'Ẏ' | 'ẏ' | 'ẙ' | 'Ỳ'..='ỹ' => "y",
        'Ź'..='ž' | 'Ẑ'..='ẕ' => "z",
        _ => return None,
    })
}

/// An Arabic letter as the one that stands for all that readers take for it.
fn arabic(c: char) -> Option<&'static str> {
    Some(match c {
        // hamza
        '\u{FE80}' => "\u{0621}",
        // alef
        '\u{0622}'
        | '\u{0623}'
        | '\u{0625}'
        | '\u{0671}'..='\u{0673}'
        | '\u{0675}'
        | '\u{FB50}'
        | '\u{FB51}'
        | '\u{FE81}'..='\u{FE84}'
        | '\u{FE87}'
        | '\u{FE88}'
        | '\u{FE8D}'
        | '\u{FE8E}' => "\u{0627}",
        // beh
        '\u{FE8F}'..='\u{FE92}' => "\u{0628}",
        // teh
        '\u{FE95}'..='\u{FE98}' => "\u{062A}",
        // theh
        '\u{FE99}'..='\u{FE9C}' => "\u{062B}",
        // jeem
        '\u{FE9D}'..='\u{FEA0}' => "\u{062C}",
        // hah
        '\u{FEA1}'..='\u{FEA4}' => "\u{062D}",
        // khah
        '\u{FEA5}'..='\u{FEA8}' => "\u{062E}",
        // dal
        '\u{FEA9}' | '\u{FEAA}' => "\u{062F}",
        // thal
        '\u{FEAB}' | '\u{FEAC}' => "\u{0630}",
        // reh
        '\u{FEAD}' | '\u{FEAE}' => "\u{0631}",
        // zain
        '\u{FEAF}' | '\u{FEB0}' => "\u{0632}",
        // seen
        '\u{FEB1}'..='\u{FEB4}' => "\u{0633}",
        // sheen
        '\u{FEB5}'..='\u{FEB8}' => "\u{0634}",
        // sad
        '\u{FEB9}'..='\u{FEBC}' => "\u{0635}",
        // dad
        '\u{FEBD}'..='\u{FEC0}' => "\u{0636}",
        // tah
        '\u{FEC1}'..='\u{FEC4}' => "\u{0637}",
        // zah
        '\u{FEC5}'..='\u{FEC8}' => "\u{0638}",
        // ain
        '\u{FEC9}'..='\u{FECC}' => "\u{0639}",
        // ghain
        '\u{FECD}'..='\u{FED0}' => "\u{063A}",
        // feh
        '\u{FED1}'..='\u{FED4}' => "\u{0641}",
        // qaf
        '\u{FED5}'..='\u{FED8}' => "\u{0642}",
        // lam
        '\u{FEDD}'..='\u{FEE0}' => "\u{0644}",
        // meem
        '\u{FEE1}'..='\u{FEE4}' => "\u{0645}",
        // noon
        '\u{FEE5}'..='\u{FEE8}' => "\u{0646}",
        // heh
        '\u{0629}'
        | '\u{06BE}'
        | '\u{06C0}'..='\u{06C3}'
        | '\u{06D5}'
        | '\u{FBA4}'..='\u{FBAD}'
        | '\u{FE93}'
        | '\u{FE94}'
        | '\u{FEE9}'..='\u{FEEC}' => "\u{0647}",
        // waw
        '\u{0624}' | '\u{0676}' | '\u{FE85}' | '\u{FE86}' | '\u{FEED}' | '\u{FEEE}' => "\u{0648}",
        // tteh
        '\u{FB66}'..='\u{FB69}' => "\u{0679}",
        // tteheh
        '\u{FB5E}'..='\u{FB61}' => "\u{067A}",
        // beeh
        '\u{FB52}'..='\u{FB55}' => "\u{067B}",
        // peh
        '\u{FB56}'..='\u{FB59}' => "\u{067E}",
        // teheh
        '\u{FB62}'..='\u{FB65}' => "\u{067F}",
        // beheh
        '\u{FB5A}'..='\u{FB5D}' => "\u{0680}",
        // nyeh
        '\u{FB76}'..='\u{FB79}' => "\u{0683}",
        // dyeh
        '\u{FB72}'..='\u{FB75}' => "\u{0684}",
        // tcheh
        '\u{FB7A}'..='\u{FB7D}' => "\u{0686}",
        // tcheheh
        '\u{FB7E}'..='\u{FB81}' => "\u{0687}",
        // ddal
        '\u{FB88}' | '\u{FB89}' => "\u{0688}",
        // dahal
        '\u{FB84}' | '\u{FB85}' => "\u{068C}",
        // ddahal
        '\u{FB82}' | '\u{FB83}' => "\u{068D}",
        // dul
        '\u{FB86}' | '\u{FB87}' => "\u{068E}",
        // rreh
        '\u{FB8C}' | '\u{FB8D}' => "\u{0691}",
        // jeh
        '\u{FB8A}' | '\u{FB8B}' => "\u{0698}",
        // veh
        '\u{FB6A}'..='\u{FB6D}' => "\u{06A4}",
        // peheh
        '\u{FB6E}'..='\u{FB71}' => "\u{06A6}",
        // keheh
        '\u{0643}' | '\u{06AA}' | '\u{FB8E}'..='\u{FB91}' | '\u{FED9}'..='\u{FEDC}' => "\u{06A9}",
        // ng
        '\u{FBD3}'..='\u{FBD6}' => "\u{06AD}",
        // gaf
        '\u{06AB}' | '\u{FB92}'..='\u{FB95}' => "\u{06AF}",
        // ngoeh
        '\u{FB9A}'..='\u{FB9D}' => "\u{06B1}",
        // gueh
        '\u{FB96}'..='\u{FB99}' => "\u{06B3}",
        // noon ghunna
        '\u{FB9E}' | '\u{FB9F}' => "\u{06BA}",
        // rnoon
        '\u{FBA0}'..='\u{FBA3}' => "\u{06BB}",
        // kirghiz oe
        '\u{FBE0}' | '\u{FBE1}' => "\u{06C5}",
        // oe
        '\u{FBD9}' | '\u{FBDA}' => "\u{06C6}",
        // u
        '\u{FBD7}' | '\u{FBD8}' => "\u{06C7}",
        // yu
        '\u{FBDB}' | '\u{FBDC}' => "\u{06C8}",
        // kirghiz yu
        '\u{FBE2}' | '\u{FBE3}' => "\u{06C9}",
        // ve
        '\u{FBDE}' | '\u{FBDF}' => "\u{06CB}",
        // farsi yeh
        '\u{0626}'
        | '\u{063D}'..='\u{063F}'
        | '\u{0649}'
        | '\u{064A}'
        | '\u{0678}'
        | '\u{06CD}'
        | '\u{06D0}'
        | '\u{FBE4}'..='\u{FBE9}'
        | '\u{FBFC}'..='\u{FBFF}'
        | '\u{FE89}'..='\u{FE8C}'
        | '\u{FEEF}'..='\u{FEF4}' => "\u{06CC}",
        // yeh barree
        '\u{06D3}' | '\u{FBAE}'..='\u{FBB1}' => "\u{06D2}",
        // lam …
        '\u{FEF5}'..='\u{FEFC}' => "\u{0644}\u{0627}",
        _ => return None,
    })
}
