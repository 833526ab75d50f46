//! What came of an import, as JSON for people and for programs: each line has `what` in words, and the `remark` that this was.

use serde_json::{Value, to_value};

use super::words::Words;
use crate::model::import::{Line, Report};

/// A report in these words.
///
/// # Errors
/// When it cannot be written as JSON.
pub fn written(report: &Report, words: &Words) -> serde_json::Result<Value> {
    let mut json = to_value(report)?;
    let lines = json.get_mut("lines").and_then(Value::as_array_mut).into_iter().flatten().zip(&report.lines);
    lines.for_each(|(written, line)| say(written, line, words));
    if let (Some(written), Some(line)) = (json.get_mut("refused"), &report.refused) {
        say(written, line, words);
    }
    Ok(json)
}

fn say(written: &mut Value, line: &Line, words: &Words) {
    if let Some(fields) = written.as_object_mut() {
        let remark = fields.insert("what".to_owned(), words.remark(&line.what).into()).unwrap_or_default();
        fields.insert("remark".to_owned(), remark);
    }
}
