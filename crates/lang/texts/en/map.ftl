# Places and the map
as-map = Map
as-map-says = moves, and shows every place of this view
as-table = Table
as-table-says = the same view, without the map that moves
where = Where
col-map = Map
col-grid = Grid
col-place = Place
col-degrees = Latitude, longitude
col-within = Known to, m
col-known-to = Known to
col-area = Area
filter-box = West, south, east, north
area-name = Area { $name }
area-it-is = It is the area in which { $who } is responsible under the agreement.
area-not-determined = Not determined
not-determined-says = “Not determined”: a named line is nearer than its precision and the place’s uncertainty together, or the lines differ, end or say nothing there. It is the common answer.
not-determined-no-line = The instrument names no reference line.
not-determined-no-area = The instrument names no area.
not-determined-not-at-hand = The file of the reference line { $line } is not on this node.
not-determined-near = It is { $distance } from the reference line { $line }; { $within } is what the line’s precision and the place’s uncertainty come to.
not-determined-past-end = It is, or may be, beyond an end of the reference line { $line }.
not-determined-winds = The reference line { $line } winds around it.
not-determined-far = It is { $distance } from the reference line { $line }, which is used to { $reach }.
not-determined-differ = The reference lines differ there.
not-determined-no-area-there = The instrument names no area on that side.
places-disclaimer = Reference lines are used for calculation only, without prejudice to the position of any participant on their status. Names and lines shown imply no opinion on any status.
map-line = reference line { $name }
map-precision =
    { $metres ->
        [one] True to one metre, drawn as a band.
       *[other] True to { $metres } m, drawn as a band.
    }
map-line-missing = Its file is not on this node, so it is not drawn, and nothing is determined by it.
map-unsure = How exactly a place is known, to scale
map-title =
    { $n ->
        [one] Map with one place
       *[other] Map with { $n } places
    }
map-desc = The table beside this map holds the same information.
map-numbers = Numbers are those of the table, which holds all that the map shows. Places so near to each other that they would cover one another share a number.
map-still = This map stands still. With JavaScript it moves.
map-moves = This map moves: drag it, or use the arrow keys and + and − when it has the focus. A number in a ring is how many reports are there; press it to come nearer.
map-failed = The map that moves can’t be shown here. The drawing and the table hold what it would show.
map-in-view = List what is in this view
map-nearer = Nearer
map-farther = Farther
map-whole = The whole view
map-base = Base map:
map-region = Map of reported places
places-title = Find a place
places-asked = Name, grid or coordinates
places-says = By a name in any script, a grid reference, or coordinates in degrees. What is found is shown as it would be written down, on the agreed grid.
places-none = No places by name are on this node. Grid references and coordinates are read all the same.
places-not-found = No place is called “{ $text }” here, and it is no grid reference and no coordinates.
places-found =
    { $n ->
        [one] One place
       *[other] { $n } places
    }
place-read-as = Read as { $grid } { $known }. { $area }.
place-within = Known to, metres either way
place-choose = Choose on a map
place-middle = Take the middle of the map
col-names = Names
place-not-signed = The area is worked out from the place and is no part of what is signed.
