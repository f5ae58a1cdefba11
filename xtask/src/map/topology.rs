//! TopoJSON as far as these packages use it: arcs of whole steps, of which lines and areas are made up.

use std::f64::consts::PI;

use serde_json::Value;

use super::cut::Line;

/// A file of it.
pub(super) struct Topology<'f> {
    file: &'f Value,
    scale: (f64, f64),
    translate: (f64, f64),
}

fn pair(value: &Value) -> Option<(f64, f64)> {
    Some((value.get(0)?.as_f64()?, value.get(1)?.as_f64()?))
}

impl<'f> Topology<'f> {
    pub(super) fn of(file: &'f Value) -> Option<Topology<'f>> {
        let transform = file.get("transform")?;
        let (scale, translate) = (pair(transform.get("scale")?)?, pair(transform.get("translate")?)?);
        file.get("arcs")?.as_array()?;
        Some(Topology { file, scale, translate })
    }

    /// An arc in longitude and latitude; turned round, if its number says so.
    fn arc(&self, number: i64) -> Option<Line> {
        let (at, is_turned) = if number < 0 { (!number, true) } else { (number, false) };
        let arc = self.file.get("arcs")?.get(usize::try_from(at).ok()?)?.as_array()?;
        let (mut x, mut y) = (0.0, 0.0);
        let mut line = Line::new();
        for step in arc {
            let (dx, dy) = pair(step)?;
            (x, y) = (x + dx, y + dy);
            line.push((x * self.scale.0 + self.translate.0, y * self.scale.1 + self.translate.1));
        }
        if is_turned {
            line.reverse();
        }
        Some(line)
    }

    /// Arcs in a row; each begins where the one before ends.
    fn joined(&self, arcs: &Value) -> Option<Line> {
        let mut line = Line::new();
        for number in arcs.as_array()? {
            line.pop();
            line.extend(self.arc(number.as_i64()?)?);
        }
        Some(line.into_iter().map(|(lon, lat)| unit(lon, lat)).collect())
    }

    /// Every arc, on the square of the world from 0 to 1; without where the world is cut, since no coast is there.
    pub(super) fn arcs(&self) -> Vec<Line> {
        let count = self.file.get("arcs").and_then(Value::as_array).map_or(0, Vec::len);
        let mut all = Vec::new();
        for line in (0..count).filter_map(|at| self.arc(i64::try_from(at).ok()?)) {
            let is_edge = |(lon, lat): &(f64, f64)| *lat <= -84.9 || lon.abs() >= 179.99;
            for piece in line.split(is_edge) {
                all.push(piece.iter().map(|(lon, lat)| unit(*lon, *lat)).collect());
            }
        }
        all.retain(|line: &Line| line.len() > 1);
        all
    }

    fn objects(&self, name: &str) -> Option<&'f Vec<Value>> {
        self.file.get("objects")?.get(name)?.get("geometries")?.as_array()
    }

    /// The lines of an object.
    pub(super) fn lines(&self, name: &str) -> Option<Vec<Line>> {
        let mut all = Vec::new();
        for one in self.objects(name)? {
            let arcs = one.get("arcs")?;
            match one.get("type")?.as_str()? {
                "LineString" => all.push(self.joined(arcs)?),
                "MultiLineString" => {
                    for line in arcs.as_array()? {
                        all.push(self.joined(line)?);
                    }
                }
                _ => return None,
            }
        }
        Some(all)
    }

    /// The areas of an object, each with the ring around it first.
    pub(super) fn areas(&self, name: &str) -> Option<Vec<Vec<Line>>> {
        let rings =
            |arcs: &Value| arcs.as_array()?.iter().map(|ring| self.joined(ring)).collect::<Option<Vec<_>>>();
        let mut all = Vec::new();
        for one in self.objects(name)? {
            let arcs = one.get("arcs")?;
            match one.get("type")?.as_str()? {
                "Polygon" => all.push(rings(arcs)?),
                "MultiPolygon" => {
                    for area in arcs.as_array()? {
                        all.push(rings(area)?);
                    }
                }
                _ => return None,
            }
        }
        Some(all)
    }
}

fn unit(lon: f64, lat: f64) -> (f64, f64) {
    let sin = lat.to_radians().sin();
    ((lon + 180.0) / 360.0, 0.5 - ((1.0 + sin) / (1.0 - sin)).ln() / (4.0 * PI))
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::Topology;

    #[test]
    fn arcs_are_joined_and_turned() {
        let file = json!({
            "transform": {"scale": [1, 1], "translate": [0, 0]},
            "arcs": [[[0, 0], [10, 0]], [[10, 10], [0, -10]], [[10, 10], [-10, -10]]],
            "objects": {
                "lakes": {"geometries": [{"type": "Polygon", "arcs": [[0, -2, 2]]}]},
                "rivers": {"geometries": [{"type": "MultiLineString", "arcs": [[0], [1]]}]},
            },
        });
        let read = Topology::of(&file).expect("it is one");
        let lakes = read.areas("lakes").expect("areas");
        let around: Vec<i32> = lakes[0][0].iter().map(|(x, _)| (x * 360.0 - 180.0).round() as i32).collect();
        assert_eq!(around, [0, 10, 10, 0], "it closes");
        assert_eq!(read.lines("rivers").expect("lines").len(), 2);
        assert!(read.lines("lakes").is_none() && read.lines("none").is_none());
    }
}
