//! Files that somebody sends to the node of their own participant, as tus 1.0.0 has it (core protocol, creation and
//! expiration): <https://tus.io/protocols/resumable-upload>. A browser without scripts sends a small one as a form.

use std::collections::BTreeMap;
use std::io::{self, Read};
use std::sync::Arc;
use std::time::{Duration, SystemTime};

use axum::body::{Body, Bytes};
use axum::extract::Request;
use axum::http::{HeaderMap, HeaderName, HeaderValue, StatusCode, header};
use axum::response::Response;
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use http_body_util::BodyExt as _;
use node::upload::{About, NAME_BYTES_MAX, Upload};
use serde_json::json;
use store::Name;
use tokio::sync::mpsc;
use tokio::time::timeout;

use super::answer::Sorry;
use super::asked::Asked;
use super::serve::{guarded, is_of_session, plain, refused, see};
use super::session::fresh_name;
use crate::desk::Desk;
use crate::evidence::{Evidence, KEPT_DAYS, UPLOADS_MAX};
use crate::page::evidence::attach;

/// The one version of the protocol that is spoken.
const VERSION: &str = "1.0.0";

/// The head that has the token of the session.
const TOKEN: &str = "mithaq-token";

/// The largest file, in bytes.
pub(crate) const BYTES_MAX: u64 = 64_000_000_000;

/// The largest that a form without scripts brings: it is in memory until it is sealed.
pub(crate) const FORM_BYTES_MAX: u64 = 16_000_000;

/// How long what comes may stand still.
const STANDSTILL: Duration = Duration::from_secs(30);

/// How many frames wait for the disk.
const FRAMES: usize = 8;

/// What went wrong: as pages say it, or as the protocol does.
enum No {
    Sorry(Sorry),
    Status(StatusCode, &'static str),
}

impl From<Sorry> for No {
    fn from(sorry: Sorry) -> No {
        No::Sorry(sorry)
    }
}

impl From<node::Fault> for No {
    fn from(fault: node::Fault) -> No {
        match fault {
            node::Fault::Lacks { .. } => {
                No::Status(StatusCode::CONFLICT, "no key is here that a file could be sealed to")
            }
            other => No::Sorry(other.into()),
        }
    }
}

const fn no(status: StatusCode, why: &'static str) -> No {
    No::Status(status, why)
}

fn into(desk: &Desk, asked: &Asked, answer: Result<Response, No>) -> Response {
    let mut response = match answer {
        Ok(response) => response,
        Err(No::Sorry(sorry)) => refused(desk, asked, &sorry),
        Err(No::Status(status, why)) => plain(status, why),
    };
    set(&mut response, "tus-resumable", VERSION);
    response
}

fn set(response: &mut Response, name: &'static str, value: &str) {
    if let Ok(value) = HeaderValue::from_str(value) {
        response.headers_mut().insert(HeaderName::from_static(name), value);
    }
}

fn text<'a>(head: &'a HeaderMap, name: &str) -> Option<&'a str> {
    head.get(name)?.to_str().ok()
}

/// That whoever asks may write, in a session of this desk, and speaks the protocol.
fn may(asked: &Asked, head: &HeaderMap) -> Result<(), No> {
    is_of_session(asked, text(head, TOKEN))?;
    if text(head, "tus-resumable") == Some(VERSION) {
        Ok(())
    } else {
        Err(no(StatusCode::PRECONDITION_FAILED, "this speaks tus 1.0.0"))
    }
}

/// Does something that reads or writes files, where nobody waits for it.
async fn apart<T: Send + 'static>(work: impl FnOnce() -> Result<T, No> + Send + 'static) -> Result<T, No> {
    let done = tokio::task::spawn_blocking(work).await;
    done.unwrap_or_else(|_| Err(No::Sorry(Sorry::Broken("a file was not taken in".to_owned()))))
}

/// Begins an upload: gives its address.
pub(crate) async fn begin(desk: Arc<Desk>, asked: Asked, request: Request) -> Response {
    let head = request.headers().clone();
    let asked = Arc::new(asked);
    let (working, asking) = (Arc::clone(&desk), Arc::clone(&asked));
    let done = apart(move || {
        let desk = working;
        may(&asking, &head)?;
        let bytes = text(&head, "upload-length").and_then(|length| length.parse::<u64>().ok());
        let bytes = bytes.ok_or(no(StatusCode::BAD_REQUEST, "its length is not said"))?;
        let said = metadata(text(&head, "upload-metadata").unwrap_or_default())
            .ok_or(no(StatusCode::BAD_REQUEST, "what is said of it can't be read"))?;
        let of = |name: &str| said.get(name).cloned().unwrap_or_default();
        let about = about(&desk, &asking, (&of("filename"), &of("filetype")), &of("draft"), bytes)?;
        let id = fresh_name().map_err(Sorry::Broken)?;
        begin_one(&desk, &id, &about)?;
        let mut response =
            guarded(StatusCode::CREATED, "text/plain; charset=utf-8", "no-store", Body::empty());
        set(&mut response, "location", &format!("/{}/evidence/upload/{id}", desk.agreement()));
        set(&mut response, "upload-expires", &expires(SystemTime::now()));
        if bytes == 0 {
            desk.evidence.uploads.seal(&id)?;
        }
        Ok(response)
    });
    into(&desk, &asked, done.await)
}

/// Makes room, and begins one if there is some.
fn begin_one(desk: &Desk, id: &str, about: &About) -> Result<(), No> {
    Evidence::sweep(desk)?;
    if about.bytes > BYTES_MAX {
        return Err(Sorry::Large.into());
    }
    if desk.evidence.uploads.list()?.len() >= UPLOADS_MAX {
        return Err(Sorry::Full.into());
    }
    if !desk.evidence.has_room(about.bytes) {
        return Err(Sorry::NoRoom.into());
    }
    Ok(desk.evidence.uploads.begin(id, about)?)
}

fn about(
    desk: &Desk,
    asked: &Asked,
    (name, media_type): (&str, &str),
    draft: &str,
    bytes: u64,
) -> Result<About, No> {
    if name.len() > NAME_BYTES_MAX {
        return Err(no(StatusCode::BAD_REQUEST, "its name is too long"));
    }
    let media_type = vault::MediaType::new(media_type);
    let media_type =
        media_type.map_or("application/octet-stream".to_owned(), |known| known.as_str().to_owned());
    let draft = Name::new(draft).map(|draft| draft.to_string());
    let by = asked.person.as_ref().map(ToString::to_string);
    Ok(About { bytes, name: name.to_owned(), media_type, draft, by, begun: desk.now() })
}

/// `name base64, name base64`: each name once.
fn metadata(text: &str) -> Option<BTreeMap<String, String>> {
    let mut all = BTreeMap::new();
    for pair in text.split(',').map(str::trim).filter(|pair| !pair.is_empty()) {
        let (name, value) = pair.split_once(' ').unwrap_or((pair, ""));
        let value = String::from_utf8(STANDARD.decode(value.trim()).ok()?).ok()?;
        if all.insert(name.to_owned(), value).is_some() {
            return None;
        }
    }
    Some(all)
}

/// Until when an upload is kept of which nothing more comes.
fn expires(touched: SystemTime) -> String {
    httpdate::fmt_http_date(touched + Duration::from_secs(KEPT_DAYS * 24 * 3600))
}

/// How far an upload is.
pub(crate) async fn show(desk: Arc<Desk>, asked: Asked, _: Request) -> Response {
    let asked = Arc::new(asked);
    let (working, asking) = (Arc::clone(&desk), Arc::clone(&asked));
    let done = apart(move || Ok(stands(&find(&working, &asking)?, StatusCode::OK, true)));
    into(&desk, &asked, done.await)
}

fn find(desk: &Desk, asked: &Asked) -> Result<Upload, No> {
    let id = Name::new(asked.part("upload")).ok_or(Sorry::NotFound)?;
    let found = desk.evidence.uploads.find(id.as_str())?;
    Ok(found.ok_or(Sorry::NotFound)?)
}

fn stands(upload: &Upload, status: StatusCode, says: bool) -> Response {
    let body = if says {
        let Upload { id, about, arrived, whole, .. } = upload;
        Body::from(
            json!({"upload": id, "name": about.name, "type": about.media_type, "bytes": about.bytes,
                "arrived": arrived, "is-whole": whole.is_some()})
            .to_string(),
        )
    } else {
        Body::empty()
    };
    let mut response = guarded(status, "application/json", "no-store", body);
    set(&mut response, "upload-offset", &upload.arrived.to_string());
    set(&mut response, "upload-length", &upload.about.bytes.to_string());
    if upload.whole.is_none() {
        set(&mut response, "upload-expires", &expires(upload.touched));
    }
    response
}

/// Takes what comes next of an upload. What came before a cut is kept.
pub(crate) async fn take(desk: Arc<Desk>, asked: Asked, request: Request) -> Response {
    let done = taken(&desk, &asked, request).await;
    into(&desk, &asked, done)
}

async fn taken(desk: &Arc<Desk>, asked: &Asked, request: Request) -> Result<Response, No> {
    let (parts, body) = request.into_parts();
    let head = &parts.headers;
    may(asked, head)?;
    if text(head, "content-type") != Some("application/offset+octet-stream") {
        return Err(no(StatusCode::UNSUPPORTED_MEDIA_TYPE, "it is sent as application/offset+octet-stream"));
    }
    let number = |name: &str| text(head, name).and_then(|text| text.parse::<u64>().ok());
    let offset =
        number("upload-offset").ok_or(no(StatusCode::BAD_REQUEST, "it is not said from where on"))?;
    let busy = Arc::clone(&desk.evidence.receiving).try_acquire_owned();
    let place =
        busy.map_err(|_| no(StatusCode::SERVICE_UNAVAILABLE, "others send files here: go on in a little"))?;
    let id = asked.part("upload").to_owned();
    let writer = Evidence::writer(desk, &id);
    let writer = writer.ok_or(no(StatusCode::LOCKED, "somebody sends it at this moment"))?;
    let upload = find(desk, asked)?;
    if offset != upload.arrived {
        return Err(no(StatusCode::CONFLICT, "it goes on from elsewhere: ask how far it is"));
    }
    let length = number("content-length").unwrap_or_default();
    if offset.saturating_add(length) > upload.about.bytes {
        return Err(no(StatusCode::PAYLOAD_TOO_LARGE, "it is longer than was said"));
    }
    let (give, come) = mpsc::channel::<Bytes>(FRAMES);
    let working = Arc::clone(desk);
    // The turn is over when the disk is done, and not when whoever sends goes away.
    let writing = tokio::task::spawn_blocking(move || -> Result<Upload, No> {
        let (_turn, _place) = (writer, place);
        let uploads = &working.evidence.uploads;
        let arrived = uploads.append(&id, &mut Coming { come, rest: Bytes::new() })?;
        if arrived == upload.about.bytes {
            uploads.seal(&id)?;
        }
        Ok(uploads.find(&id)?.ok_or(Sorry::NotFound)?)
    });
    let came = carry(body, give).await;
    let upload =
        writing.await.unwrap_or_else(|_| Err(Sorry::Broken("a file was not taken in".to_owned()).into()))?;
    came?;
    Ok(stands(&upload, StatusCode::NO_CONTENT, false))
}

/// Hands on what comes, as long as somebody takes it.
async fn carry(mut body: Body, give: mpsc::Sender<Bytes>) -> Result<(), No> {
    loop {
        let frame = timeout(STANDSTILL, body.frame()).await;
        let frame = frame.map_err(|_| no(StatusCode::REQUEST_TIMEOUT, "it stood still for too long"))?;
        let Some(frame) = frame else { return Ok(()) };
        let frame = frame.map_err(|_| no(StatusCode::BAD_REQUEST, "it did not come whole"))?;
        let Ok(bytes) = frame.into_data() else { continue };
        if give.send(bytes).await.is_err() {
            return Ok(());
        }
    }
}

/// What comes, for who reads it in a thread of its own. Its end and a cut look the same.
struct Coming {
    come: mpsc::Receiver<Bytes>,
    rest: Bytes,
}

impl Read for Coming {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        while self.rest.is_empty() {
            match self.come.blocking_recv() {
                Some(bytes) => self.rest = bytes,
                None => return Ok(0),
            }
        }
        let count = self.rest.len().min(buffer.len());
        buffer[..count].copy_from_slice(&self.rest.split_to(count));
        Ok(count)
    }
}

/// Takes a small file from a form, for a draft.
pub(crate) async fn form(desk: Arc<Desk>, asked: Asked, request: Request) -> Response {
    let done = formed(&desk, &asked, request).await;
    into(&desk, &asked, done)
}

async fn formed(desk: &Arc<Desk>, asked: &Asked, request: Request) -> Result<Response, No> {
    let broken = |_: multer::Error| No::Sorry(Sorry::OldPage);
    let boundary = text(request.headers(), header::CONTENT_TYPE.as_str()).unwrap_or_default();
    let boundary = multer::parse_boundary(boundary).map_err(broken)?;
    let place = Arc::clone(&desk.evidence.receiving).try_acquire_owned();
    let _place = place
        .map_err(|_| no(StatusCode::SERVICE_UNAVAILABLE, "others send files here: go on in a little"))?;
    let limits = multer::SizeLimit::new().whole_stream(FORM_BYTES_MAX + (1 << 20)).per_field(FORM_BYTES_MAX);
    let constraints = multer::Constraints::new().size_limit(limits);
    let mut form =
        multer::Multipart::with_constraints(request.into_body().into_data_stream(), boundary, constraints);
    let mut fields: BTreeMap<String, String> = BTreeMap::new();
    let mut file = None;
    let coming = async {
        while let Some(field) = form.next_field().await.map_err(large)? {
            let name = field.name().unwrap_or_default().to_owned();
            if name != "file" {
                let text = field.text().await.map_err(large)?;
                fields.insert(name, text);
                continue;
            }
            // The token stands before the file: whoever has none sends nothing.
            is_of_session(asked, fields.get("token").map(String::as_str))?;
            let called = field.file_name().unwrap_or_default().to_owned();
            let media_type = field.content_type().map(|it| it.essence_str().to_owned()).unwrap_or_default();
            file = Some((called, media_type, field.bytes().await.map_err(large)?));
        }
        Ok::<(), No>(())
    };
    timeout(STANDSTILL * 20, coming)
        .await
        .map_err(|_| no(StatusCode::REQUEST_TIMEOUT, "it took too long"))??;
    is_of_session(asked, fields.get("token").map(String::as_str))?;
    let of = |name: &str| fields.get(name).cloned().unwrap_or_default();
    let (called, media_type, bytes) = file.ok_or(Sorry::OldPage)?;
    let draft = Name::new(&of("draft")).ok_or(Sorry::NoDraft)?;
    let to = format!("/{}/unsigned/{draft}", desk.agreement());
    if called.is_empty() && bytes.is_empty() {
        return Ok(see(&to));
    }
    let about = about(desk, asked, (&called, &media_type), draft.as_str(), bytes.len() as u64)?;
    let session = asked.session.clone().unwrap_or_default();
    let working = Arc::clone(desk);
    apart(move || {
        let id = fresh_name().map_err(Sorry::Broken)?;
        begin_one(&working, &id, &about)?;
        working.evidence.uploads.append(&id, &mut &bytes[..])?;
        working.evidence.uploads.seal(&id)?;
        Ok(attach(&working, &draft, &fields, &id, &session)?)
    })
    .await?;
    Ok(see(&to))
}

fn large(error: multer::Error) -> No {
    match error {
        multer::Error::FieldSizeExceeded { .. } | multer::Error::StreamSizeExceeded { .. } => {
            Sorry::Large.into()
        }
        _ => Sorry::OldPage.into(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn metadata_is_read_as_the_protocol_has_it() {
        let read = metadata("filename YS5qcGc=,filetype aW1hZ2UvanBlZw==, is-secret").expect("read");
        assert_eq!((read["filename"].as_str(), read["filetype"].as_str()), ("a.jpg", "image/jpeg"));
        assert_eq!(read["is-secret"], "");
        assert_eq!(metadata(""), Some(BTreeMap::new()));
        for bad in ["filename x", "filename /w==", "a YQ==,a YQ=="] {
            assert_eq!(metadata(bad), None, "{bad}");
        }
    }
}
