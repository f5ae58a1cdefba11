//! The page before several desks: whom to be, and what to try.

mod served;

use std::net::SocketAddr;
use std::sync::Arc;

use desk::start::{Says, Seat, Start};
use desk::web::routes::Verb;
use served::{Got, ask};
use tokio::net::TcpListener;
use tokio::runtime::Runtime;

fn page() -> (SocketAddr, Runtime) {
    let runtime = Runtime::new().expect("a runtime");
    let socket = runtime.block_on(TcpListener::bind("127.0.0.1:0")).expect("a port");
    let at = socket.local_addr().expect("an address");
    let seat = |id: &str, label: &str| Seat {
        id: id.to_owned(),
        label: label.to_owned(),
        labels: [("ur".to_owned(), format!("{label}-ur"))].into(),
        title: "party <to it>".to_owned(),
    };
    let start = Start {
        name: "River accord".to_owned(),
        seats: vec![seat("north", "North"), seat("south", "South")],
        command: "curl http://127.0.0.1:1/register/checkpoint".to_owned(),
        hosts: vec!["localhost:1".to_owned()],
        ask: Box::new(|id| match id {
            "north" => Ok(Says { opens: "http://north.localhost:1/in/once".to_owned(), asked: 3 }),
            _ => Err("the desk of south has shut".to_owned()),
        }),
    };
    runtime.spawn(desk::serve_start(Arc::new(start), socket, std::future::pending()));
    (at, runtime)
}

fn get(at: SocketAddr, path: &str, head: &[(&str, &str)]) -> Got {
    ask(at, Verb::Get, path, &[&[("host", "localhost:1")], head].concat(), "")
}

#[test]
fn it_says_whom_to_be_in_both_languages() {
    let (at, _runtime) = page();
    let got = get(at, "/", &[]);
    assert_eq!(got.status, 200, "{}", got.body);
    for part in ["Whom do you want to be?", "EXERCISE", "Work as North", "3 steps", "curl http://127.0.0.1:1"]
    {
        assert!(got.body.contains(part), "{part}: {}", got.body);
    }
    assert!(got.body.contains("party &#60;to it&#62;") && !got.body.contains("<script"), "{}", got.body);
    assert!(got.head["content-security-policy"].contains("default-src 'none'"));
    let urdu = get(at, "/?lang=ur", &[]);
    assert!(urdu.body.contains("lang=\"ur\" dir=\"rtl\"") && urdu.body.contains("مشق"), "{}", urdu.body);
    // As each is called in that language.
    assert!(urdu.body.contains("<bdi>North-ur</bdi>") && !got.body.contains("North-ur"), "{}", urdu.body);
    // Its sheets are there.
    let sheet = got.body.split("href=\"").find(|part| part.contains("tokens.css")).expect("a sheet");
    let sheet = get(at, sheet.split('"').next().expect("an address"), &[]);
    assert_eq!((sheet.status, sheet.head["content-type"].as_str()), (200, "text/css; charset=utf-8"));
    assert_eq!(get(at, "/assets/x/..%2fsecret", &[]).status, 404);
}

#[test]
fn it_leads_to_a_desk_and_from_no_other_site() {
    let (at, _runtime) = page();
    let led = get(at, "/be/north?lang=ur", &[("sec-fetch-site", "same-origin")]);
    assert_eq!(
        (led.status, led.head["location"].as_str()),
        (303, "http://north.localhost:1/in/once?lang=ur")
    );
    assert_eq!(get(at, "/be/north", &[("sec-fetch-site", "cross-site")]).status, 403);
    assert_eq!(get(at, "/be/nobody", &[]).status, 404);
    let shut = get(at, "/be/south", &[]);
    assert_eq!((shut.status, shut.body.trim_end()), (502, "the desk of south has shut"));
    let rebound = ask(at, Verb::Get, "/", &[("host", "rebind.example")], "");
    assert_eq!((rebound.status, rebound.body.contains("North")), (421, false));
    assert_eq!(ask(at, Verb::Get, "/be/north", &[("host", "rebind.example")], "").status, 403);
    assert_eq!(ask(at, Verb::Post, "/be/north", &[("host", "localhost:1")], "").status, 405);
}
