//! A QR code as the path of a drawing.

use qrcodegen::{QrCode, QrCodeEcc};

/// Clear modules around it, as the standard asks.
const MARGIN: i32 = 4;

/// How many modules it has to a side, and the path of its dark ones; `None` where a text is too long for one.
pub fn path(text: &str) -> Option<(i32, String)> {
    let code = QrCode::encode_text(text, QrCodeEcc::Medium).ok()?;
    let mut path = String::new();
    for y in 0..code.size() {
        for x in (0..code.size()).filter(|x| code.get_module(*x, y)) {
            path.push_str(&format!("M{} {}h1v1h-1z", x + MARGIN, y + MARGIN));
        }
    }
    Some((code.size() + 2 * MARGIN, path))
}

#[cfg(test)]
mod tests {
    use super::path;

    #[test]
    fn a_code_has_its_three_corners() {
        let (size, path) = path("otpauth://totp/x").unwrap();
        // The outer ring of a corner: seven modules in a row.
        for x in 4..11 {
            assert!(path.contains(&format!("M{x} 4h1")) && path.contains(&format!("M{} 4h1", size - 1 - x)));
            assert!(path.contains(&format!("M{x} {}h1", size - 5)));
        }
        assert_eq!(super::path(&"x".repeat(5000)), None);
    }
}
