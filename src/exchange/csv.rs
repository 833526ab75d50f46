//! Rows for spreadsheets (RFC 4180), in which no cell is taken for a formula.

/// At the beginning of a file: without it Excel takes letters beyond ASCII for others.
pub const MARK: &[u8] = "\u{feff}".as_bytes();

/// A line of these cells.
pub fn line<'a>(cells: impl Iterator<Item = &'a str>) -> String {
    let mut line = cells.map(cell).collect::<Vec<_>>().join(",");
    line.push_str("\r\n");
    line
}

/// Quoted, and with an apostrophe before what a spreadsheet would reckon with: it shows the rest as it is.
fn cell(text: &str) -> String {
    let is_formula =
        text.trim_start_matches(char::is_whitespace).starts_with(['=', '+', '-', '@', '＝', '＋', '－', '＠'])
            || text.starts_with(['\t', '\r', '\n']);
    let guard = if is_formula { "'" } else { "" };
    format!("\"{guard}{}\"", text.replace('"', "\"\""))
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn what_would_be_reckoned_with_is_text() {
        for formula in ["=1+1", "+1", "-1", "@SUM(A1)", "\t=1", "\r=1", " =cmd|' /C calc'!A0", "＝1"] {
            assert!(cell(formula).starts_with("\"'"), "{formula}");
        }
        assert_eq!(line(["a", "b \"c\", d", "1-1"].into_iter()), "\"a\",\"b \"\"c\"\", d\",\"1-1\"\r\n");
    }

    proptest! {
        #[test]
        fn a_cell_is_one_cell_whatever_is_in_it(text in ".*") {
            let cell = cell(&text);
            let inside = &cell[1..cell.len() - 1];
            prop_assert!(!inside.replace("\"\"", "").contains('"'));
            prop_assert!(!inside.starts_with(['=', '+', '-', '@', '\t', '\r']));
        }
    }
}
