//! Whether a colour can be read on the blog's paper, and the nearest one that can.

/// The least contrast of text with what is behind it (WCAG 2.2, 1.4.3).
const LEAST: f64 = 4.5;

/// The darker of the two papers of style.css in the light scheme, a shade darker still: text stands on both.
const LIGHT_PAPER: Rgb = Rgb(243, 239, 231);
/// The lighter of the two in the dark scheme, a shade lighter still.
const DARK_PAPER: Rgb = Rgb(34, 30, 27);

/// A colour as screens have it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Rgb(pub u8, pub u8, pub u8);

impl Rgb {
    /// Reads `#rrggbb` or `#rgb`, in any case.
    pub fn parse(text: &str) -> Option<Self> {
        let digits = text.strip_prefix('#')?;
        let digits: Vec<u8> =
            digits.chars().map(|digit| digit.to_digit(16).map(|digit| digit as u8)).collect::<Option<_>>()?;
        match *digits.as_slice() {
            [r, g, b] => Some(Self(r * 17, g * 17, b * 17)),
            [r, s, g, h, b, c] => Some(Self(r * 16 + s, g * 16 + h, b * 16 + c)),
            _ => None,
        }
    }

    /// `#rrggbb`
    pub fn hex(self) -> String {
        format!("#{:02x}{:02x}{:02x}", self.0, self.1, self.2)
    }

    /// Relative luminance (WCAG 2.2).
    fn luminance(self) -> f64 {
        let linear = |channel: u8| {
            let part = f64::from(channel) / 255.0;
            if part <= 0.04045 { part / 12.92 } else { ((part + 0.055) / 1.055).powf(2.4) }
        };
        0.2126 * linear(self.0) + 0.7152 * linear(self.1) + 0.0722 * linear(self.2)
    }

    /// Contrast with another colour, 1 to 21.
    pub fn contrast(self, other: Self) -> f64 {
        let (one, two) = (self.luminance(), other.luminance());
        (one.max(two) + 0.05) / (one.min(two) + 0.05)
    }

    /// So many hundredths of the way to another.
    fn towards(self, other: Self, hundredths: u16) -> Self {
        let mix =
            |from: u8, to: u8| ((u16::from(from) * (100 - hundredths) + u16::from(to) * hundredths + 50) / 100) as u8;
        Self(mix(self.0, other.0), mix(self.1, other.1), mix(self.2, other.2))
    }

    /// The first colour on the way to `end` that can be read on `paper`.
    fn readable(self, paper: Self, end: Self) -> Self {
        let mut way = (0..=100).map(|hundredths| self.towards(end, hundredths));
        way.find(|colour| colour.contrast(paper) >= LEAST).unwrap_or(end)
    }
}

/// The accent in both schemes, each as near to what was chosen as can be read.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Accent {
    /// On light paper.
    pub light: Rgb,
    /// On dark paper.
    pub dark: Rgb,
}

impl Accent {
    /// Of the colour that the owner chose.
    pub fn of(chosen: Rgb) -> Self {
        Self {
            light: chosen.readable(LIGHT_PAPER, Rgb(0, 0, 0)),
            dark: chosen.readable(DARK_PAPER, Rgb(255, 255, 255)),
        }
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn colours_are_read_as_people_write_them() {
        assert_eq!(Rgb::parse("#fA0"), Some(Rgb(255, 170, 0)));
        assert_eq!(Rgb::parse("#0a7BcD").map(Rgb::hex).as_deref(), Some("#0a7bcd"));
        for no in ["", "#", "red", "#12", "#12345", "#1234567", "#12345g", "123456", "#é12"] {
            assert_eq!(Rgb::parse(no), None, "{no}");
        }
    }

    #[test]
    fn contrast_is_what_the_guidelines_say() {
        let (black, white) = (Rgb(0, 0, 0), Rgb(255, 255, 255));
        assert!((black.contrast(white) - 21.0).abs() < 1e-9);
        assert!((Rgb(0x76, 0x76, 0x76).contrast(white) - 4.54).abs() < 0.01);
    }

    #[test]
    fn what_can_be_read_stays_and_what_cannot_is_changed_only_where_it_must_be() {
        let maroon = Rgb(0x7d, 0x34, 0x26);
        assert_eq!(Accent::of(maroon).light, maroon);
        assert_ne!(Accent::of(maroon).dark, maroon);
        let yellow = Rgb(255, 230, 0);
        assert_eq!(Accent::of(yellow).dark, yellow);
        assert_ne!(Accent::of(yellow).light, yellow);
    }

    proptest! {
        #[test]
        fn every_accent_can_be_read_in_both_schemes(r: u8, g: u8, b: u8) {
            let Accent { light, dark } = Accent::of(Rgb(r, g, b));
            prop_assert!(light.contrast(LIGHT_PAPER) >= LEAST && dark.contrast(DARK_PAPER) >= LEAST);
        }
    }
}
