//! Style sheets, scripts and icon: inside the program, each under a name that changes with its content.

use std::sync::{Arc, LazyLock};

use axum::{
    extract::{Path, State},
    http::header,
    response::{IntoResponse, Redirect, Response},
};

use super::headers::Cache;
use crate::{
    app::App,
    error::{Error, Result},
    rules::token,
};

struct Asset {
    name: &'static str,
    media_type: &'static str,
    text: String,
    hashed_name: String,
}

const CSS: &str = "text/css; charset=utf-8";
const JS: &str = "text/javascript; charset=utf-8";

/// A module stands behind those that it imports.
const FILES: &[(&str, &str, &str)] = &[
    ("style.css", CSS, include_str!("../../static/style.css")),
    ("admin.css", CSS, include_str!("../../static/admin.css")),
    ("comments.js", JS, include_str!("../../static/comments.js")),
    ("work.js", JS, include_str!("../../static/work.js")),
    ("video.js", JS, include_str!("../../static/video.js")),
    ("queue.js", JS, include_str!("../../static/queue.js")),
    ("import.js", JS, include_str!("../../static/import.js")),
    ("passkey.js", JS, include_str!("../../static/passkey.js")),
    ("upload.js", JS, include_str!("../../static/upload.js")),
    ("moment.js", JS, include_str!("../../static/moment.js")),
    ("edit.js", JS, include_str!("../../static/edit.js")),
    ("saving.js", JS, include_str!("../../static/saving.js")),
    ("typing.js", JS, include_str!("../../static/typing.js")),
    ("commands.js", JS, include_str!("../../static/commands.js")),
    ("paste.js", JS, include_str!("../../static/paste.js")),
    ("pictures.js", JS, include_str!("../../static/pictures.js")),
    ("measure.js", JS, include_str!("../../static/measure.js")),
    ("preview.js", JS, include_str!("../../static/preview.js")),
    ("suggest.js", JS, include_str!("../../static/suggest.js")),
    ("library.js", JS, include_str!("../../static/library.js")),
    ("card.js", JS, include_str!("../../static/card.js")),
    ("editor.js", JS, include_str!("../../static/editor.js")),
    ("favicon.svg", "image/svg+xml", include_str!("../../static/favicon.svg")),
];

static ASSETS: LazyLock<Vec<Asset>> = LazyLock::new(|| {
    let mut assets: Vec<Asset> = Vec::with_capacity(FILES.len());
    for (name, media_type, source) in FILES {
        // Modules name each other by file; browsers ask for what is named.
        let text = assets.iter().fold((*source).to_owned(), |text, module| {
            text.replace(&format!("\"./{}\"", module.name), &format!("\"./{}\"", module.hashed_name))
        });
        let (stem, extension) = name.rsplit_once('.').unwrap_or((name, ""));
        let hash = token::content_hash(text.as_bytes());
        let hashed_name = format!("{stem}.{}.{extension}", &hash[..12]);
        assets.push(Asset { name, media_type, text, hashed_name });
    }
    assets
});

/// The address of a static file.
pub fn address(name: &str) -> String {
    let asset = ASSETS.iter().find(|asset| asset.name == name);
    format!("/static/{}", asset.map_or(name, |asset| &asset.hashed_name))
}

/// The file with this hashed name.
pub async fn show(Path(name): Path<String>) -> Result<impl IntoResponse> {
    let asset = ASSETS.iter().find(|asset| asset.hashed_name == name).ok_or(Error::NotFound)?;
    Ok((Cache::Immutable, [(header::CONTENT_TYPE, asset.media_type)], asset.text.as_str()))
}

/// The sheet of the owner's choices, under the name of its content; who has a page of before them is led to those of now.
pub async fn look(State(app): State<Arc<App>>, Path(name): Path<String>) -> Result<Response> {
    let look = app.frame().await?.ok_or(Error::NotFound)?.look;
    let sheets = [&look.reader, &look.desk];
    let known = sheets.into_iter().flatten().find(|sheet| sheet.name == name).cloned();
    if let Some(sheet) = known.or_else(|| app.tried_sheet(&name)) {
        return Ok((Cache::Immutable, [(header::CONTENT_TYPE, CSS)], sheet.text).into_response());
    }
    let now = look.reader.as_ref().ok_or(Error::NotFound)?;
    Ok(Redirect::temporary(&now.address()).into_response())
}

/// For those who ask without having read the page.
pub async fn favicon() -> Redirect {
    Redirect::permanent(&address("favicon.svg"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn modules_import_each_other_by_the_names_that_they_are_served_under() {
        let mut imports = 0;
        for asset in ASSETS.iter() {
            for rest in asset.text.split("from \"./").skip(1) {
                let named = rest.split('"').next().unwrap();
                assert!(ASSETS.iter().any(|other| other.hashed_name == named), "{} imports {named}", asset.name);
                imports += 1;
            }
        }
        assert!(imports > 5);
    }
}
