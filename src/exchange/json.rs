//! JSON of other systems, one row of a table at a time.

use std::{cell::RefCell, fmt, io::Read};

use serde::de::{DeserializeSeed, Deserializer, IgnoredAny, MapAccess, SeqAccess, Visitor};
use serde_json::Value;

use crate::model::{
    incoming::Refused,
    remark::{heard, remark},
};

/// Takes a row, with the name of the list that it is in.
pub(super) type OnRow<'a> = dyn FnMut(&str, Value) -> Result<(), Refused> + 'a;

/// Tells each element of each list in the objects of `source`, however deep they stand; nothing of what stands in them.
pub(super) fn walk(source: impl Read, place: &str, on: &mut OnRow<'_>) -> Result<(), Refused> {
    let stopped = RefCell::new(None);
    let mut reader = serde_json::Deserializer::from_reader(std::io::BufReader::new(source));
    let level = Level { table: "", depth: 0, on, stopped: &stopped };
    let done = level.deserialize(&mut reader).and_then(|()| reader.end());
    match (stopped.take(), done) {
        (Some(refused), _) => Err(refused),
        (None, Ok(())) => Ok(()),
        (None, Err(error)) => Err(Refused::Bad {
            place: format!("{place}, line {}", error.line()),
            what: remark("import-no-json").because([heard(&error.into())]),
        }),
    }
}

struct Level<'a, 'b> {
    table: &'a str,
    depth: usize,
    on: &'a mut OnRow<'b>,
    stopped: &'a RefCell<Option<Refused>>,
}

impl<'de> DeserializeSeed<'de> for Level<'_, '_> {
    type Value = ();

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<(), D::Error> {
        deserializer.deserialize_any(self)
    }
}

impl<'de> Visitor<'de> for Level<'_, '_> {
    type Value = ();

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("tables")
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<(), A::Error> {
        while let Some(key) = map.next_key::<String>()? {
            if self.depth > 4 {
                map.next_value::<IgnoredAny>()?;
                continue;
            }
            let inner = Level { table: &key, depth: self.depth + 1, on: &mut *self.on, stopped: self.stopped };
            map.next_value_seed(inner)?;
        }
        Ok(())
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut list: A) -> Result<(), A::Error> {
        // Ghost wraps its tables into a list of one.
        if self.table == "db" {
            loop {
                let inner = Level { table: "", depth: self.depth + 1, on: &mut *self.on, stopped: self.stopped };
                if list.next_element_seed(inner)?.is_none() {
                    return Ok(());
                }
            }
        }
        while let Some(row) = list.next_element::<Value>()? {
            if let Err(refused) = (self.on)(self.table, row) {
                *self.stopped.borrow_mut() = Some(refused);
                return Err(serde::de::Error::custom("stopped"));
            }
        }
        Ok(())
    }

    fn visit_bool<E>(self, _: bool) -> Result<(), E> {
        Ok(())
    }

    fn visit_i64<E>(self, _: i64) -> Result<(), E> {
        Ok(())
    }

    fn visit_u64<E>(self, _: u64) -> Result<(), E> {
        Ok(())
    }

    fn visit_f64<E>(self, _: f64) -> Result<(), E> {
        Ok(())
    }

    fn visit_str<E>(self, _: &str) -> Result<(), E> {
        Ok(())
    }

    fn visit_unit<E>(self) -> Result<(), E> {
        Ok(())
    }
}

/// A field of a row as text, whatever it is written as; empty when there is none.
pub(super) fn text(row: &Value, field: &str) -> String {
    match row.get(field) {
        Some(Value::String(text)) => text.clone(),
        Some(Value::Number(number)) => number.to_string(),
        _ => String::new(),
    }
}

/// A field of a row that is set or not.
pub(super) fn is_set(row: &Value, field: &str) -> bool {
    match row.get(field) {
        Some(Value::Bool(set)) => *set,
        Some(Value::Number(number)) => number.as_i64() != Some(0),
        Some(Value::String(text)) => matches!(text.as_str(), "true" | "1"),
        _ => false,
    }
}
