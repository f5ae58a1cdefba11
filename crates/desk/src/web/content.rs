//! The content of an exhibit, for whoever sits here: opened piece by piece as it is read, kept by nobody. What is not
//! known to be a picture, a film, a sound or a paper by its first bytes is a file to take away, and nothing else.

use std::io::{self, Read as _, Seek as _, SeekFrom};
use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll};

use axum::body::{Body, Bytes, HttpBody};
use axum::extract::Request;
use axum::http::{HeaderValue, StatusCode, header};
use axum::response::Response;
use hyper::body::Frame;
use tokio::task::JoinHandle;
use vault::Content;

use super::answer::Sorry;
use super::asked::Asked;
use super::serve::{guarded, refused};
use crate::desk::Desk;
use crate::evidence::find;
use crate::words::content::Shown;

/// Nothing of it runs, and nothing is fetched for it.
const SECURITY: &str = "default-src 'none'; frame-ancestors 'none'; sandbox";

/// The same for a paper, which browsers show by a reader of their own: a sandbox stops some of them.
const PAPER_SECURITY: &str = "default-src 'none'; frame-ancestors 'none'; object-src 'self'";

/// How much is opened at a time, in bytes.
const CHUNK: usize = 128 << 10;

/// Gives an exhibit's content, whole or a stretch of it.
pub(crate) async fn show(desk: Arc<Desk>, asked: Asked, request: Request) -> Response {
    let asked = Arc::new(asked);
    let (working, asking) = (Arc::clone(&desk), Arc::clone(&asked));
    let range = request.headers().get(header::RANGE).and_then(|range| range.to_str().ok()).map(str::to_owned);
    let only_if =
        request.headers().get(header::IF_RANGE).and_then(|tag| tag.to_str().ok()).map(str::to_owned);
    let done =
        tokio::task::spawn_blocking(move || opened(&working, &asking, range.as_deref(), only_if.as_deref()));
    match done.await {
        Ok(Ok(response)) => response,
        Ok(Err(sorry)) => refused(&desk, &asked, &sorry),
        Err(_) => refused(&desk, &asked, &Sorry::Broken("an exhibit was not opened".to_owned())),
    }
}

fn opened(desk: &Desk, asked: &Asked, range: Option<&str>, only_if: Option<&str>) -> Result<Response, Sorry> {
    let held = desk.held();
    let found = find(desk, &held, asked.part("exhibit"))?;
    let closed = |_| Sorry::Closed;
    let grant = desk.opener.grant(&found.grants).map_err(closed)?;
    desk.evidence.check(desk, &found, &grant).map_err(closed)?;
    let mut content = desk.opener.content(&grant, &found.file).map_err(closed)?;
    let shown = Shown::of(&mut content, grant.media_type.as_str()).map_err(|_| Sorry::Closed)?;
    let bytes = content.size();
    let tag = format!("\"{}\"", &found.file.sealed.to_hex()[..32]);
    let range = range.filter(|_| only_if.is_none_or(|had| had == tag));
    let (status, from, count) = match range.and_then(|range| stretch(range, bytes)) {
        Some(Some((from, count))) => (StatusCode::PARTIAL_CONTENT, from, count),
        Some(None) => return Ok(unsatisfiable(bytes)),
        None => (StatusCode::OK, 0, bytes),
    };
    content.seek(SeekFrom::Start(from)).map_err(|_| Sorry::Closed)?;
    let body = Body::new(Opening { left: count, now: Now::Idle(Box::new(content)) });
    let is_away = asked.query("as") == Some("file");
    let media = shown.media().filter(|_| !is_away).unwrap_or("application/octet-stream");
    let mut response = guarded(status, media, "no-store", body);
    let head = response.headers_mut();
    let policy = if media == "application/pdf" { PAPER_SECURITY } else { SECURITY };
    head.insert(header::CONTENT_SECURITY_POLICY, HeaderValue::from_static(policy));
    head.insert(header::ACCEPT_RANGES, HeaderValue::from_static("bytes"));
    head.insert(header::CONTENT_LENGTH, HeaderValue::from(count));
    let mut put = |name, value: String| {
        if let Ok(value) = HeaderValue::from_str(&value) {
            head.insert(name, value);
        }
    };
    put(header::ETAG, tag);
    // The filer's own name of it may be anything: it is called by its reference.
    let (how, end) = if media == "application/octet-stream" {
        ("attachment", shown.ending())
    } else {
        ("inline", shown.ending())
    };
    put(header::CONTENT_DISPOSITION, format!("{how}; filename=\"{}{end}\"", found.exhibit.reference));
    if status == StatusCode::PARTIAL_CONTENT {
        put(header::CONTENT_RANGE, format!("bytes {from}-{}/{bytes}", from + count - 1));
    }
    Ok(response)
}

fn unsatisfiable(bytes: u64) -> Response {
    let mut response =
        guarded(StatusCode::RANGE_NOT_SATISFIABLE, "text/plain; charset=utf-8", "no-store", Body::empty());
    if let Ok(value) = HeaderValue::from_str(&format!("bytes */{bytes}")) {
        response.headers_mut().insert(header::CONTENT_RANGE, value);
    }
    response
}

/// The one stretch that a range of RFC 9110 names: from where, how many bytes. Inside, nothing, if it lies behind the end;
/// outside, if it is no range, or several: then all is given.
fn stretch(range: &str, bytes: u64) -> Option<Option<(u64, u64)>> {
    let (first, last) = range.strip_prefix("bytes=")?.split_once('-')?;
    if range.contains(',') {
        return None;
    }
    let number =
        |text: &str| text.bytes().all(|it| it.is_ascii_digit()).then(|| text.parse::<u64>().ok()).flatten();
    let (from, to) = match (first, last) {
        ("", "") => return None,
        ("", last) => (bytes.saturating_sub(number(last)?), bytes.checked_sub(1)),
        (first, "") => (number(first)?, bytes.checked_sub(1)),
        (first, last) => {
            let (from, to) = (number(first)?, number(last)?);
            if to < from {
                return None;
            }
            (from, bytes.checked_sub(1).map(|end| to.min(end)))
        }
    };
    Some(to.filter(|to| from <= *to).map(|to| (from, to - from + 1)))
}

/// A content on its way: the next of it is opened when it is asked for, so that who reads slowly holds no thread.
struct Opening {
    left: u64,
    now: Now,
}

enum Now {
    Idle(Box<Content>),
    Reads(JoinHandle<(Box<Content>, io::Result<Vec<u8>>)>),
    Over,
}

impl HttpBody for Opening {
    type Data = Bytes;
    type Error = io::Error;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, io::Error>>> {
        if let Now::Idle(_) = self.now {
            let Now::Idle(mut content) = std::mem::replace(&mut self.now, Now::Over) else {
                return Poll::Ready(None);
            };
            if self.left == 0 {
                return Poll::Ready(None);
            }
            let most = usize::try_from(self.left).unwrap_or(CHUNK).min(CHUNK);
            self.now = Now::Reads(tokio::task::spawn_blocking(move || {
                let mut bytes = vec![0; most];
                let read = content.read_exact(&mut bytes).map(|()| bytes);
                (content, read)
            }));
        }
        let Now::Reads(reading) = &mut self.now else { return Poll::Ready(None) };
        let read = match Pin::new(reading).poll(context) {
            Poll::Pending => return Poll::Pending,
            Poll::Ready(read) => read,
        };
        self.now = Now::Over;
        match read {
            Ok((content, Ok(bytes))) => {
                self.left -= bytes.len() as u64;
                self.now = Now::Idle(content);
                Poll::Ready(Some(Ok(Frame::data(Bytes::from(bytes)))))
            }
            Ok((_, Err(error))) => Poll::Ready(Some(Err(error))),
            Err(error) => Poll::Ready(Some(Err(io::Error::other(error)))),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_range_is_one_stretch_or_all() {
        for (range, expected) in [
            ("bytes=0-", Some(Some((0, 10)))),
            ("bytes=0-0", Some(Some((0, 1)))),
            ("bytes=3-5", Some(Some((3, 3)))),
            ("bytes=3-500", Some(Some((3, 7)))),
            ("bytes=-4", Some(Some((6, 4)))),
            ("bytes=-40", Some(Some((0, 10)))),
            ("bytes=10-", Some(None)),
            ("bytes=99-100", Some(None)),
            ("bytes=-0", Some(None)),
            ("bytes=5-3", None),
            ("bytes=0-1,4-5", None),
            ("bytes=-", None),
            ("bytes=+1-2", None),
            ("lines=0-1", None),
            ("bytes=99999999999999999999-", None),
        ] {
            assert_eq!(stretch(range, 10), expected, "{range}");
        }
        assert_eq!(stretch("bytes=0-", 0), Some(None));
    }
}
