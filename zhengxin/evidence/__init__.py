"""Files that come with an act: reports, photographs, attachments. In go bytes, out comes a piece with its digest; at rest they are encrypted."""
