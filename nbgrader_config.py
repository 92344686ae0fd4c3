# Folder names and preprocessors, nothing else: what is personal (exchange, late penalties, graders) goes into the
# instructor's own nbgrader_config.py in the Jupyter configuration folder, or onto the command line.
c = get_config()  # noqa: F821

c.CourseDirectory.course_id = "aws-course"
c.CourseDirectory.release_directory = "exercises"
c.CourseDirectory.solution_directory = "solutions"

# An answer in words carries its mark scheme in the same cell; nbgrader alone allows one in task cells only.
c.ClearMarkScheme.enforce_metadata = False
